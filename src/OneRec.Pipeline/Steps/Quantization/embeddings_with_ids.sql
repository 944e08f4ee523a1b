-- All embeddings of the model, also of earlier contents, of items with an ID.
SELECT embeddings.item_id, embeddings.embedding
FROM embeddings
JOIN (
  SELECT DISTINCT item_id
  FROM semantic_ids
  WHERE codebook_id = {{codebook_id}} AND deleted_at IS NULL
) AS ids ON embeddings.item_id = ids.item_id
WHERE embeddings.model_id = {{model_id}}
