SELECT CAST(item_id AS STRING) AS item_id, problem
FROM embedded
WHERE problem IS NOT NULL
ORDER BY embedded.item_id ASC NULLS FIRST
LIMIT 1
