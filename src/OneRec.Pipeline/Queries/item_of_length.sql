-- The first item whose vectors have a length.
SELECT CAST(item_id AS STRING) AS item
FROM checked
WHERE length = {{length}}
ORDER BY item_id
LIMIT 1
