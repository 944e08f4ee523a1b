-- The codebooks with the most IDs.
SELECT codebook_id, count(*) AS items
FROM ids
WHERE deleted_at IS NULL
GROUP BY codebook_id
ORDER BY items DESC NULLS LAST, codebook_id ASC NULLS FIRST
LIMIT 5
