-- What the newest row of each step was computed from.
SELECT step, run_id, inputs, parameters, code_version
FROM (
  SELECT
    step, run_id, inputs, parameters, code_version,
    row_number() OVER (PARTITION BY step ORDER BY finished_at DESC, run_id DESC) AS age
  FROM runs
) AS aged
WHERE age = 1
