-- The codebook's rows after a revision: the existing rows, with deletions marked, and the new rows.
SELECT *
FROM (
  SELECT item_id, codes, sid, first_code, slot, nearest_code, error, embedding_hash, assigned_at, deleted_at, run_id, codebook_id
  FROM existing
  WHERE codebook_id = {{codebook_id}}
  UNION ALL
  SELECT item_id, codes, sid, first_code, slot, nearest_code, error, embedding_hash, assigned_at, deleted_at, run_id, codebook_id
  FROM fresh
) AS revised
ORDER BY codes ASC NULLS FIRST, slot ASC NULLS FIRST
