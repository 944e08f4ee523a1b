-- A slice as rows of item_embeddings, without items that have a problem.
SELECT item_id, embedding, content_hash, {{model_id}} AS model_id
FROM embedded
WHERE problem IS NULL
