-- Staged items that have no ID; others may have given them one since.
SELECT
  staged.item_id, staged.content_hash, staged.codes, staged.sid, staged.first_code, staged.nearest_code, staged.error,
  staged.embedding_hash
FROM staged
WHERE NOT EXISTS (
  SELECT 1
  FROM semantic_ids
  WHERE semantic_ids.item_id = staged.item_id
    AND semantic_ids.codebook_id = {{codebook_id}}
    AND semantic_ids.deleted_at IS NULL
)
