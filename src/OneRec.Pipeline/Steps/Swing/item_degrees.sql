-- Number of items by number of users.
SELECT users, count(*) AS items
FROM (SELECT item_id, count(*) AS users FROM edges GROUP BY item_id) AS by_item
GROUP BY users
