-- The codebook's rows after a revision: old ones as they ended, then new ones.
SELECT *
FROM (
  SELECT item_id, codes, sid, first_code, slot, nearest_code, error, embedding_hash, assigned_at, deleted_at, run_id, codebook_id
  FROM ended
  WHERE codebook_id = {{codebook_id}}
  UNION ALL
  SELECT item_id, codes, sid, first_code, slot, nearest_code, error, embedding_hash, assigned_at, deleted_at, run_id, codebook_id
  FROM fresh
) AS revised
ORDER BY codes ASC NULLS FIRST, slot ASC NULLS FIRST
