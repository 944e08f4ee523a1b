-- Items that could not be embedded, in id order.
SELECT CAST(item_id AS STRING) AS item, problem
FROM embedded
WHERE problem IS NOT NULL
ORDER BY embedded.item_id ASC NULLS FIRST
