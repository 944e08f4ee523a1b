-- The published codebook.
SELECT codebook_id, model_id
FROM published
ORDER BY generation DESC NULLS LAST
LIMIT 1
