-- Heavy items: their work is large relative to a partition.
SELECT item_id, users
FROM (SELECT item_id, count(*) AS users FROM edges GROUP BY item_id) AS by_item
WHERE users >= {{least_users}}
ORDER BY users DESC NULLS LAST, item_id ASC NULLS FIRST
