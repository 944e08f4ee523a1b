-- Codes of each level.
SELECT level, CAST(max(code) + 1 AS BIGINT) AS codes
FROM codebooks
WHERE codebook_id = {{codebook_id}}
GROUP BY level
ORDER BY level ASC NULLS FIRST
