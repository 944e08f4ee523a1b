-- The size of each level of a codebook, and its model.
SELECT level, count(*) AS codes, max(model_id) AS model_id
FROM codebooks
WHERE codebook_id = {{codebook_id}}
GROUP BY level
ORDER BY level ASC NULLS FIRST
