-- The codebook that a run evaluated.
SELECT DISTINCT codebook_id
FROM quality
WHERE run_id = {{run_id}} AND metric LIKE 'evaluate.%' AND codebook_id IS NOT NULL
ORDER BY codebook_id ASC NULLS FIRST
