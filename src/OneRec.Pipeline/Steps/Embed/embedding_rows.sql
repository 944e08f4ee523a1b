-- A slice as rows of item_embeddings.
SELECT item_id, embedding, content_hash, {{model_id}} AS model_id
FROM embedded
