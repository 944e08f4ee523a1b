-- The rows whose item has no embedding of its content yet.
SELECT fresh.item_id, fresh.embedding, fresh.content_hash, fresh.model_id
FROM fresh
WHERE NOT EXISTS (
  SELECT 1
  FROM embedded
  WHERE embedded.item_id = fresh.item_id
    AND embedded.content_hash = fresh.content_hash
    AND embedded.model_id = {{model_id}}
)
