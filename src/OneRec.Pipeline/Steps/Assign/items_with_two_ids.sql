-- The first item with more than one ID under the codebook, with their number and one of them.
SELECT item_id, count(*) AS ids, max(sid) AS sid
FROM semantic_ids
WHERE codebook_id = {{codebook_id}} AND deleted_at IS NULL
GROUP BY item_id
HAVING count(*) > 1
ORDER BY item_id ASC NULLS FIRST
LIMIT 1
