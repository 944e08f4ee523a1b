-- How many items have how many users.
SELECT users, count(*) AS items
FROM (SELECT item_id, count(*) AS users FROM edges GROUP BY item_id) AS by_item
GROUP BY users
