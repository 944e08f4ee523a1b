-- The published generations, old to new.
SELECT generation, codebook_id, published_at, run_id
FROM published
ORDER BY generation ASC NULLS FIRST
