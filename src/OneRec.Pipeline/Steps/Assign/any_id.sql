-- One ID of a codebook, to see whether it has any.
SELECT slot
FROM semantic_ids
WHERE codebook_id = {{codebook_id}}
LIMIT 1
