-- Items, IDs, items that share one, IDs that are shared, the highest slot and the most items of an ID.
SELECT
  CAST(coalesce(sum(items), 0) AS BIGINT) AS items,
  count(*) AS ids,
  CAST(coalesce(sum(CASE WHEN items > 1 THEN items ELSE 0 END), 0) AS BIGINT) AS twins,
  CAST(coalesce(sum(CASE WHEN items > 1 THEN 1 ELSE 0 END), 0) AS BIGINT) AS shared,
  CAST(coalesce(max(highest), 0) AS BIGINT) AS highest,
  CAST(coalesce(max(items), 0) AS BIGINT) AS most
FROM (
  SELECT sid, count(*) AS items, max(slot) AS highest
  FROM ids
  GROUP BY sid
) AS groups
