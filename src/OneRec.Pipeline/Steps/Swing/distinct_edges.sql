-- Each (user, item) edge once.
SELECT DISTINCT user_id, item_id
FROM clicks
