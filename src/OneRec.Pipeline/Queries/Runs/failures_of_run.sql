-- The failures of a run.
SELECT run_id, step, exit_code, code, message, seconds, failed_at
FROM failures
WHERE run_id = {{run}}
