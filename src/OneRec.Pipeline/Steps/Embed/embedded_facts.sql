-- How a slice went, by which blocks its items lack (a bit each).
SELECT
  blocks_missing,
  count(*) AS items,
  count(problem) AS problems
FROM embedded
GROUP BY blocks_missing
ORDER BY blocks_missing ASC NULLS FIRST
