-- The items with the most users.
SELECT CAST(item_id AS STRING) AS item, count(*) AS users
FROM edges
GROUP BY item_id
ORDER BY users DESC NULLS LAST, item_id ASC NULLS FIRST
LIMIT 10
