-- The metrics of a run or a codebook.
SELECT DISTINCT metric
FROM quality
WHERE {{key_column}} = {{key}}
