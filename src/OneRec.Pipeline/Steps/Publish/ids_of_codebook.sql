-- Rows of a codebook that are not deleted.
SELECT count(*) AS ids
FROM semantic_ids
WHERE codebook_id = {{codebook_id}} AND deleted_at IS NULL
