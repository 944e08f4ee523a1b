-- All rows of semantic_ids; rows of stale items are marked as deleted now.
SELECT
  semantic_ids.item_id,
  semantic_ids.codes,
  semantic_ids.sid,
  semantic_ids.first_code,
  semantic_ids.slot,
  semantic_ids.nearest_code,
  semantic_ids.error,
  semantic_ids.embedding_hash,
  semantic_ids.assigned_at,
  CASE
    WHEN stale.item_id IS NOT NULL AND semantic_ids.codebook_id = {{codebook_id}} AND semantic_ids.deleted_at IS NULL THEN {{now}}
    ELSE semantic_ids.deleted_at
  END AS deleted_at,
  semantic_ids.run_id,
  semantic_ids.codebook_id
FROM semantic_ids
LEFT JOIN stale ON semantic_ids.item_id = stale.item_id
