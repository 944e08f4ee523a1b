-- Items whose codes are the same.
SELECT count(*) AS items
FROM both_ids
WHERE fresh = held
