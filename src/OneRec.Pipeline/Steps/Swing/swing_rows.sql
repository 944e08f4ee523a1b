-- The edges under one key, so that they meet in one partition: the kernel sees the whole log.
SELECT CAST(0 AS INT) AS part, user_id, item_id, user_items
FROM edges
