-- The different labels with their items.
SELECT label, count(*) AS items
FROM items
GROUP BY label
ORDER BY label ASC NULLS FIRST
LIMIT {{limit}}
