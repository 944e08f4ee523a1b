-- Codes of each level of a codebook, and the items that it was trained on.
SELECT level, count(*) AS codes, CAST(sum(items) AS BIGINT) AS items
FROM codebooks
WHERE codebook_id = {{codebook_id}}
GROUP BY level
ORDER BY level ASC NULLS FIRST
