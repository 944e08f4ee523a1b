-- Number of items that got their ID in the given run.
SELECT count(*) AS items
FROM current_ids
WHERE run_id = {{run_id}}
