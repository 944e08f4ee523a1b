-- The measures of all evaluations, and of the training of one codebook.
SELECT run_id, codebook_id, metric, level, iteration, value
FROM quality
WHERE metric LIKE 'evaluate.%' OR (metric = 'train.objective' AND codebook_id = {{codebook_id}})
