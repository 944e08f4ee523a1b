-- As edges.sql, with each user's place under a cap: its hash as a number, computed once a user.
SELECT distinct_edges.user_id, distinct_edges.item_id, users.user_items, users.user_place
FROM distinct_edges
JOIN (
  SELECT user_id, user_items, {{user_place}} AS user_place
  FROM (
    SELECT user_id, user_items, {{user_hash}} AS user_hash
    FROM (SELECT user_id, count(*) AS user_items FROM distinct_edges GROUP BY user_id) AS counts
    WHERE user_items >= {{min_user_items}} AND user_items <= {{max_user_items}}
  ) AS hashed
) AS users ON distinct_edges.user_id = users.user_id
