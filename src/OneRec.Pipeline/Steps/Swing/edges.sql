-- Distinct (user, item) edges of users within the limits, with each user's number of items.
SELECT user_id, item_id, user_items
FROM (
  SELECT user_id, item_id, count(*) OVER (PARTITION BY user_id) AS user_items
  FROM (SELECT DISTINCT user_id, item_id FROM clicks) AS distinct_clicks
) AS counted
WHERE user_items >= {{min_user_items}} AND user_items <= {{max_user_items}}
