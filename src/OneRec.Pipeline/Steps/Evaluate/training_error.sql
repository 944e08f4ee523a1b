-- The final training objective of a codebook's last level.
SELECT value
FROM quality
WHERE codebook_id = {{codebook_id}} AND metric = 'train.objective' AND level = {{level}}
ORDER BY iteration DESC NULLS LAST
LIMIT 1
