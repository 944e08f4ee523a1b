-- Items that are not deleted, and those of them without an embedding of the model.
SELECT
  count(*) AS items,
  CAST(coalesce(sum(CASE WHEN embedded.item_id IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT) AS lacking
FROM items
LEFT JOIN (SELECT DISTINCT item_id, content_hash FROM embeddings WHERE model_id = {{model_id}}) AS embedded
  ON items.item_id = embedded.item_id AND items.content_hash = embedded.content_hash
WHERE items.deleted_at IS NULL
