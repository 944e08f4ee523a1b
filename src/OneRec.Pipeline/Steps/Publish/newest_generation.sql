-- The published generation.
SELECT generation, codebook_id, run_id
FROM published
ORDER BY generation DESC NULLS LAST
LIMIT 1
