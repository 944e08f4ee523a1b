-- Number of bad rows.
SELECT CAST(coalesce(sum(CAST(bad AS BIGINT)), 0) AS BIGINT) AS bad_rows
FROM source
