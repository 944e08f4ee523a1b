-- The codebooks that have IDs.
SELECT DISTINCT codebook_id
FROM semantic_ids
ORDER BY codebook_id ASC NULLS FIRST
