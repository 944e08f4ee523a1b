-- The first item and position that occur more than once.
SELECT CAST(item_id AS STRING) AS item, position, count(*) AS times
FROM images
WHERE bad = 0
GROUP BY item_id, position
HAVING count(*) > 1
ORDER BY item_id ASC NULLS FIRST, position ASC NULLS FIRST
LIMIT 1
