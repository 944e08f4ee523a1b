-- How a slice went.
SELECT
  count(*) AS items,
  count(problem) AS problems,
  count(CASE WHEN blocks_missing > 0 THEN 1 END) AS masked
FROM embedded
