SELECT *
FROM semantic_ids
WHERE codebook_id = {{codebook_id}} AND deleted_at IS NULL
