-- A codebook's centroids.
SELECT level, code, centroid
FROM codebooks
WHERE codebook_id = {{codebook_id}}
ORDER BY level ASC NULLS FIRST, code ASC NULLS FIRST
