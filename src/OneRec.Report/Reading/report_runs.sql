-- The newest row of each step, and all rows of evaluate, in time order.
SELECT run_id, step, inputs, parameters, seed, code_version, fingerprint, rows, seconds, finished_at, facts, age
FROM (
  SELECT
    run_id, step, inputs, parameters, seed, code_version, fingerprint, rows, seconds, finished_at, facts,
    row_number() OVER (PARTITION BY step ORDER BY finished_at DESC NULLS LAST, run_id DESC NULLS LAST) AS age
  FROM runs
) AS aged
WHERE age = 1 OR step = 'evaluate'
ORDER BY finished_at ASC NULLS FIRST, step ASC NULLS FIRST
