-- Deleted items of a codebook.
SELECT count(*) AS items
FROM semantic_ids
WHERE codebook_id = {{codebook_id}} AND deleted_at IS NOT NULL
