-- The codebook that was published before the current one.
SELECT earlier.codebook_id, earlier.model_id
FROM published AS earlier
JOIN (
  SELECT codebook_id
  FROM published
  ORDER BY generation DESC NULLS LAST
  LIMIT 1
) AS newest ON earlier.codebook_id <> newest.codebook_id
ORDER BY earlier.generation DESC NULLS LAST
LIMIT 1
