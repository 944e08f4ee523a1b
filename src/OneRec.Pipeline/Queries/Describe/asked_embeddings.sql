-- A model's embeddings of all contents of the items asked for.
SELECT asked.place, embeddings.content_hash, embeddings.embedding
FROM asked
JOIN embeddings ON embeddings.item_id = asked.item_id
WHERE embeddings.model_id = {{model_id}}
