-- The measures of a codebook in a run; of a measure by level, the least.
SELECT metric, min(value) AS value
FROM quality
WHERE codebook_id = {{codebook_id}} AND run_id = {{run_id}} AND metric LIKE 'evaluate.%'
GROUP BY metric
