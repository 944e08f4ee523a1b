-- How many users clicked each item.
SELECT item_id, count(DISTINCT user_id) AS users
FROM clicks
GROUP BY item_id
