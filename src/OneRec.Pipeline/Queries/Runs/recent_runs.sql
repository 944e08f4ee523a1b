-- The steps of the runs that were last to finish one.
SELECT runs.run_id, runs.step, runs.rows, runs.seconds, runs.finished_at, runs.tables
FROM runs
JOIN (
  SELECT run_id, max(finished_at) AS last_at
  FROM runs
  GROUP BY run_id
  ORDER BY last_at DESC, run_id DESC
  LIMIT {{limit}}
) AS newest ON newest.run_id = runs.run_id
