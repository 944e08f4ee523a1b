-- How many rows of the catalogue each run put into quarantine.
SELECT run_id, count(*) AS found
FROM quarantine
WHERE step = 'ingest'
GROUP BY run_id
