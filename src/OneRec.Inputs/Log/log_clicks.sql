-- The log's interactions without bad rows, which are an error or are quarantined.
SELECT user_id, item_id, {{time}} AS event_time
FROM log
WHERE {{flag}} = 0
