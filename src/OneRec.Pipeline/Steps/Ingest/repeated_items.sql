-- The first item with more than one row, with their number.
SELECT item_id, count(*) AS item_rows
FROM items
GROUP BY item_id
HAVING count(*) > 1
ORDER BY item_id ASC NULLS FIRST
LIMIT 1
