-- All evaluations, the training of one codebook, and what steps counted.
SELECT run_id, codebook_id, metric, level, iteration, value
FROM quality
WHERE metric LIKE 'evaluate.%'
  OR (metric = 'train.objective' AND codebook_id = {{codebook_id}})
  OR metric LIKE '%.used.%'
  OR metric LIKE '%.dropped.%'
