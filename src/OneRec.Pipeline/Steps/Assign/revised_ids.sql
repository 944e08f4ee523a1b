-- All rows of the stale items under the codebook, with deletions marked, and the new rows.
SELECT *
FROM (
  SELECT item_id, codes, sid, first_code, slot, nearest_code, error, embedding_hash, assigned_at, deleted_at, run_id, codebook_id
  FROM existing
  WHERE codebook_id = {{codebook_id}} AND EXISTS (SELECT 1 FROM stale WHERE stale.item_id = existing.item_id)
  UNION ALL
  SELECT item_id, codes, sid, first_code, slot, nearest_code, error, embedding_hash, assigned_at, deleted_at, run_id, codebook_id
  FROM fresh
) AS revised
ORDER BY codes ASC NULLS FIRST, slot ASC NULLS FIRST
