-- Number of rows per model.
SELECT model_id, count(*) AS embeddings
FROM item_embeddings
GROUP BY model_id
ORDER BY model_id ASC NULLS FIRST
