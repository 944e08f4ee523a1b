-- Measured items whose ID was assigned after the codebook's first IDs.
SELECT measured.item_id, measured.vector, measured.codes
FROM measured
JOIN semantic_ids ON measured.item_id = semantic_ids.item_id
WHERE semantic_ids.codebook_id = {{codebook_id}}
  AND semantic_ids.deleted_at IS NULL
  AND semantic_ids.assigned_at > (SELECT min(assigned_at) FROM semantic_ids WHERE codebook_id = {{codebook_id}})
