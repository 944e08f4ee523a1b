-- Number of users by number of items: each item count needs a weight.
SELECT user_items, count(*) AS users
FROM (SELECT DISTINCT user_id, user_items FROM edges) AS by_user
GROUP BY user_items
