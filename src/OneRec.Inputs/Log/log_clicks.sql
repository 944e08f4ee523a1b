-- The log's interactions but for bad rows, which are an error or are quarantined.
SELECT user_id, item_id, event_time
FROM log
WHERE bad = 0
