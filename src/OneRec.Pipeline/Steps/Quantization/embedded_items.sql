-- The model's embeddings of the current content of items that are not deleted.
SELECT embeddings.item_id, embeddings.embedding
FROM embeddings
JOIN items ON embeddings.item_id = items.item_id AND embeddings.content_hash = items.content_hash
WHERE embeddings.model_id = {{model_id}} AND items.deleted_at IS NULL
