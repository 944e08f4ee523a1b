-- The failures of the runs that were last to fail.
SELECT failures.run_id, failures.step, failures.exit_code, failures.code, failures.message, failures.seconds, failures.failed_at
FROM failures
JOIN (
  SELECT run_id, max(failed_at) AS last_at
  FROM failures
  GROUP BY run_id
  ORDER BY last_at DESC, run_id DESC
  LIMIT {{limit}}
) AS newest ON newest.run_id = failures.run_id
