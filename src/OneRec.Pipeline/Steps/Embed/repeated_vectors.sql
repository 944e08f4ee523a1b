-- The first item that occurs more than once in the source.
SELECT CAST(item_id AS STRING) AS item_id, vector_place
FROM todo
WHERE vector_rows > 1
ORDER BY todo.item_id ASC NULLS FIRST
LIMIT 1
