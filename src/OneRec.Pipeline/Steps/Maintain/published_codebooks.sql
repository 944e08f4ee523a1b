-- The codebooks that were published, the latest first.
SELECT codebook_id
FROM published
GROUP BY codebook_id
ORDER BY max(generation) DESC NULLS LAST
