-- The lowest id that occurs more than once.
SELECT CAST(item_id AS STRING) AS item, count(*) AS times
FROM items
WHERE item_id IS NOT NULL
GROUP BY item_id
HAVING count(*) > 1
ORDER BY item_id ASC NULLS FIRST
LIMIT 1
