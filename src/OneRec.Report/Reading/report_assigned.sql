-- Items of a codebook that got their ID in one run.
SELECT count(*) AS items
FROM current_ids
WHERE run_id = {{run_id}}
