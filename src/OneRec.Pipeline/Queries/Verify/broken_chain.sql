-- Generations, those that do not follow the one before, and the last one before the first of these.
SELECT
  count(*) AS checked,
  CAST(coalesce(sum(CASE WHEN generation <> place THEN 1 ELSE 0 END), 0) AS BIGINT) AS bad,
  min(CASE WHEN generation <> place THEN place END) - 1 AS first_bad
FROM (
  SELECT generation, row_number() OVER (ORDER BY generation ASC NULLS FIRST) AS place
  FROM published
) AS numbered
