-- Number of rows in the catalogue, of bad rows, and of distinct ids in the other rows.
SELECT
  count(*) AS items,
  CAST(coalesce(sum(CAST(bad AS BIGINT)), 0) AS BIGINT) AS bad_rows,
  count(DISTINCT CASE WHEN bad = 0 THEN item_id END) AS ids
FROM items
