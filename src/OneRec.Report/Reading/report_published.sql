-- The published codebook.
SELECT generation, codebook_id, published_at
FROM published
ORDER BY generation DESC NULLS LAST
LIMIT 1
