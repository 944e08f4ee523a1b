-- The first item whose current content has more than one embedding from the model, with their number.
SELECT embedded.item_id, count(*) AS embeddings
FROM embedded
JOIN items ON embedded.item_id = items.item_id AND embedded.content_hash = items.content_hash
WHERE embedded.model_id = {{model_id}} AND items.deleted_at IS NULL
GROUP BY embedded.item_id
HAVING count(*) > 1
ORDER BY item_id ASC NULLS FIRST
LIMIT 1
