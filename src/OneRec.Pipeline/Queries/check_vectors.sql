-- How many items have vectors, how many have vectors with a problem, and the lengths.
SELECT
  count(*) AS items,
  count(length) AS with_vectors,
  count(problem) AS bad,
  CAST(coalesce(min(length), 0) AS BIGINT) AS shortest,
  CAST(coalesce(max(length), 0) AS BIGINT) AS longest
FROM checked
