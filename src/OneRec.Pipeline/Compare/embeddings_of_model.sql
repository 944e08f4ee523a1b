-- Embeddings of the current content of items.
SELECT embedded.item_id, embedded.embedding
FROM embedded
JOIN items ON embedded.item_id = items.item_id AND embedded.content_hash = items.content_hash
WHERE embedded.model_id = {{model_id}}
