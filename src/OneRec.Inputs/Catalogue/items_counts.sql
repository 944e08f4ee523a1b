-- Rows of the catalogue, how many of them are bad, and how many ids the others have.
SELECT
  count(*) AS items,
  CAST(coalesce(sum(CAST(bad AS BIGINT)), 0) AS BIGINT) AS bad_rows,
  count(DISTINCT CASE WHEN bad = 0 THEN item_id END) AS ids
FROM items
