-- The first item whose vectors have a problem.
SELECT CAST(item_id AS STRING) AS item, problem
FROM checked
WHERE problem IS NOT NULL
ORDER BY item_id
LIMIT 1
