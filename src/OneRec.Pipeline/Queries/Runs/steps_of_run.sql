-- The steps of a run.
SELECT run_id, step, rows, seconds, finished_at, tables
FROM runs
WHERE run_id = {{run}}
