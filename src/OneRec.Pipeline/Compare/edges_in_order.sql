-- Each user's distinct items, user by user.
SELECT CAST(user_id AS STRING) AS user_name, item_id
FROM (SELECT DISTINCT user_id, item_id FROM clicks) AS edges
ORDER BY user_id ASC NULLS FIRST, item_id ASC NULLS FIRST
