-- Rows, items with more than one, and the first of them.
SELECT
  CAST(coalesce(sum(found), 0) AS BIGINT) AS checked,
  CAST(coalesce(sum(CASE WHEN found > 1 THEN 1 ELSE 0 END), 0) AS BIGINT) AS bad,
  min(CASE WHEN found > 1 THEN item_id END) AS first_bad
FROM (SELECT item_id, count(*) AS found FROM found_rows GROUP BY item_id) AS by_item
