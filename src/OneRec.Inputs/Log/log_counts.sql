-- Number of rows read, and how many of them are bad without and with times.
SELECT
  count(*) AS interactions,
  CAST(coalesce(sum(CAST(bad AS BIGINT)), 0) AS BIGINT) AS bad_rows,
  CAST(coalesce(sum(CAST(bad_timed AS BIGINT)), 0) AS BIGINT) AS bad_timed_rows
FROM log
