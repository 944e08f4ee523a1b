-- Of each item above the cap, the users with the lowest hashes; of the other items, all users. user_items still counts a
-- user's items before the cap. A user's hash is computed once, and only the edges of items above the cap are sorted.
SELECT edges.user_id, edges.item_id, edges.user_items
FROM edges
JOIN (
  SELECT item_id
  FROM edges
  GROUP BY item_id
  HAVING count(*) <= {{max_item_users}}
) AS light ON edges.item_id = light.item_id
UNION ALL
SELECT user_id, item_id, user_items
FROM (
  SELECT
    edges.user_id,
    edges.item_id,
    edges.user_items,
    row_number() OVER (PARTITION BY edges.item_id ORDER BY users.user_hash ASC, edges.user_id ASC) AS place
  FROM edges
  JOIN (
    SELECT item_id
    FROM edges
    GROUP BY item_id
    HAVING count(*) > {{max_item_users}}
  ) AS heavy ON edges.item_id = heavy.item_id
  JOIN (
    SELECT
      user_id,
      {{user_hash}} AS user_hash
    FROM (SELECT DISTINCT user_id FROM edges) AS distinct_users
  ) AS users ON edges.user_id = users.user_id
) AS placed
WHERE place <= {{max_item_users}}
