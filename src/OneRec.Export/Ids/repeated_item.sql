-- An item with more than one ID.
SELECT item_id, count(*) AS ids
FROM ids
GROUP BY item_id
HAVING count(*) > 1
ORDER BY item_id ASC NULLS FIRST
LIMIT 1
