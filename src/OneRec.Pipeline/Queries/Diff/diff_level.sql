-- Of the items below a parent before that have both IDs: those whose prefix differs, and ordered pairs of them that share a prefix before, after, and both.
SELECT
  CAST(coalesce((SELECT sum(items) FROM flows WHERE prefix_from <> prefix_to), 0) AS BIGINT) AS moved,
  CAST(coalesce((SELECT sum(items) FROM flows), 0) AS BIGINT) AS items,
  CAST(coalesce((SELECT sum(items * (items - 1)) FROM (SELECT CAST(sum(items) AS BIGINT) AS items FROM flows GROUP BY prefix_from) AS earlier), 0) AS BIGINT) AS pairs_before,
  CAST(coalesce((SELECT sum(items * (items - 1)) FROM (SELECT CAST(sum(items) AS BIGINT) AS items FROM flows GROUP BY prefix_to) AS later), 0) AS BIGINT) AS pairs_after,
  CAST(coalesce((SELECT sum(items * (items - 1)) FROM flows), 0) AS BIGINT) AS pairs_both
