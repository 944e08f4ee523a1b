-- The log's interactions once every row was seen to be good.
SELECT user_id, item_id, event_time
FROM log
