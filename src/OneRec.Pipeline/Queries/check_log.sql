-- Users, items, distinct pairs and time range of the positive interactions, and how many have an implausible time:
-- 631152000000000 is 1990-01-01 in microseconds since 1970.
SELECT
  (SELECT count(DISTINCT user_id) FROM clicks) AS users,
  (SELECT count(DISTINCT item_id) FROM clicks) AS items,
  (SELECT count(*) FROM (SELECT DISTINCT user_id, item_id FROM clicks) AS pairs) AS pairs,
  (SELECT min(event_time) FROM clicks) AS first_time,
  (SELECT max(event_time) FROM clicks) AS last_time,
  (SELECT count(*) FROM clicks WHERE event_time < 631152000000000) AS before_1990,
  (SELECT count(*) FROM clicks WHERE event_time > {{tomorrow}}) AS after_tomorrow
