-- Number of items by reason, and how many of them have an embedding.
SELECT
  judged.reason,
  count(*) AS items,
  CAST(sum(CASE WHEN embedded.item_id IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS embedded
FROM judged
LEFT JOIN (
  SELECT DISTINCT item_id, content_hash
  FROM embeddings
  WHERE model_id = {{model_id}}
) AS embedded ON embedded.item_id = judged.item_id AND embedded.content_hash = judged.content_hash
GROUP BY judged.reason
