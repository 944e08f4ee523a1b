-- The levels of a codebook with their number of codes.
SELECT level, count(*) AS codes, min(model_id) AS model_id
FROM codebooks
WHERE codebook_id = {{codebook_id}}
GROUP BY level
ORDER BY level ASC NULLS FIRST
