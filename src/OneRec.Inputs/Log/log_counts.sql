-- Rows of the log that are read, and how many of them are bad.
SELECT
  count(*) AS interactions,
  CAST(coalesce(sum(CAST(bad AS BIGINT)), 0) AS BIGINT) AS bad_rows
FROM log
