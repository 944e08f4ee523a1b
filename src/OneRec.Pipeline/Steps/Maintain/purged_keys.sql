-- The keys of their rows.
SELECT item_id
FROM purged
