-- Metrics of trainings whose codebook does not exist.
SELECT DISTINCT measures.codebook_id, measures.metric
FROM quality AS measures
LEFT JOIN (SELECT DISTINCT codebook_id FROM codebooks) AS trained ON measures.codebook_id = trained.codebook_id
WHERE measures.metric LIKE 'train.%'
  AND measures.codebook_id <> {{codebook_id}}
  AND trained.codebook_id IS NULL
ORDER BY measures.codebook_id ASC NULLS FIRST, measures.metric ASC NULLS FIRST
