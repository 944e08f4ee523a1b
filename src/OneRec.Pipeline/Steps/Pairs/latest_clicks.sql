-- Each user's items at the latest time that they were clicked.
SELECT user_id, item_id, max(event_time) AS event_time
FROM clicks
GROUP BY user_id, item_id
