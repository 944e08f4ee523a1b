-- All embeddings of the model, also of earlier contents, of items with an ID.
SELECT embeddings.item_id, embeddings.embedding
FROM embeddings
JOIN (SELECT DISTINCT item_id FROM ids) AS chosen ON embeddings.item_id = chosen.item_id
WHERE embeddings.model_id = {{model_id}}
