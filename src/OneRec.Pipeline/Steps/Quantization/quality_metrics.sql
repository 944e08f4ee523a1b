-- Metrics that a run or a codebook has rows of.
SELECT DISTINCT metric
FROM quality
WHERE {{key_column}} = {{key}}
