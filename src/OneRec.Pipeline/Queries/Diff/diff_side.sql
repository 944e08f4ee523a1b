-- How many IDs there are, of how many items, and how many codes they have.
SELECT
  count(*) AS ids,
  count(DISTINCT item_id) AS items,
  CAST(coalesce(min(length(sid) - length(replace(sid, '-', '')) + 1), 0) AS INT) AS shortest,
  CAST(coalesce(max(length(sid) - length(replace(sid, '-', '')) + 1), 0) AS INT) AS longest
FROM ids
