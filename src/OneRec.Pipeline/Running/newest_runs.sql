-- The newest row of each step.
SELECT step, run_id, fingerprint, tables, facts
FROM (
  SELECT
    step, run_id, fingerprint, tables, facts,
    row_number() OVER (PARTITION BY step ORDER BY finished_at DESC, run_id DESC) AS age
  FROM runs
) AS aged
WHERE age = 1
