-- Generations, those whose run is not in table runs, and the first such run.
SELECT
  count(*) AS checked,
  CAST(coalesce(sum(CASE WHEN known.run_id IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT) AS bad,
  min(CASE WHEN known.run_id IS NULL THEN published.run_id END) AS first_bad
FROM published
LEFT JOIN (SELECT DISTINCT run_id FROM runs WHERE step = 'publish') AS known ON published.run_id = known.run_id
