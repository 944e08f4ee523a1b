-- Items and problems of a slice, by the set of missing blocks (one bit per block).
SELECT
  blocks_missing,
  count(*) AS items,
  count(problem) AS problems
FROM embedded
GROUP BY blocks_missing
ORDER BY blocks_missing ASC NULLS FIRST
