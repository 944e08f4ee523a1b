-- A slice as rows of item_embeddings; items with a problem have none.
SELECT item_id, embedding, content_hash, {{model_id}} AS model_id
FROM embedded
WHERE problem IS NULL
