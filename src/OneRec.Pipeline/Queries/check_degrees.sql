-- Number of items by number of distinct users.
SELECT users, count(*) AS items
FROM (
  SELECT item_id, count(DISTINCT user_id) AS users
  FROM clicks
  GROUP BY item_id
) AS counted
GROUP BY users
