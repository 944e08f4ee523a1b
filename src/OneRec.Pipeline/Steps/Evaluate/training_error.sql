-- The objective of a codebook's last level at the end of its training.
SELECT value
FROM quality
WHERE codebook_id = {{codebook_id}} AND metric = 'train.objective' AND level = {{level}}
ORDER BY iteration DESC NULLS LAST
LIMIT 1
