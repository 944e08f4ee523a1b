-- Distinct (user, item) edges of users within the limits, with each user's number of items.
SELECT distinct_edges.user_id, distinct_edges.item_id, counts.user_items
FROM distinct_edges
JOIN (
  SELECT user_id, count(*) AS user_items
  FROM distinct_edges
  GROUP BY user_id
) AS counts ON distinct_edges.user_id = counts.user_id
WHERE counts.user_items >= {{min_user_items}} AND counts.user_items <= {{max_user_items}}
