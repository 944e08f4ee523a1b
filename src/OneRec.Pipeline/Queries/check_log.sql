-- Users, items, distinct pairs and time range of the positive interactions.
SELECT
  (SELECT count(DISTINCT user_id) FROM clicks) AS users,
  (SELECT count(DISTINCT item_id) FROM clicks) AS items,
  (SELECT count(*) FROM (SELECT DISTINCT user_id, item_id FROM clicks) AS pairs) AS pairs,
  (SELECT min(event_time) FROM clicks) AS first_time,
  (SELECT max(event_time) FROM clicks) AS last_time
