-- Items, how many have no id or a column that does not parse, and how many ids there are.
SELECT
  count(*) AS items,
  CAST(coalesce(sum(CASE WHEN item_id IS NULL OR misfits > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS bad_rows,
  count(DISTINCT item_id) AS ids
FROM items
