-- Of each item above the cap, the users with the lowest places; of the other items, all users. user_items still counts a
-- user's items before the cap. Of each item above the cap the last user that stays is found, so that only three columns of
-- these items' edges are sorted.
WITH last_users AS (
  SELECT item_id, user_id, user_place
  FROM (
    SELECT
      edges.item_id,
      edges.user_id,
      edges.user_place,
      row_number() OVER (PARTITION BY edges.item_id ORDER BY edges.user_place ASC, edges.user_id ASC) AS place
    FROM edges
    JOIN (
      SELECT item_id
      FROM edges
      GROUP BY item_id
      HAVING count(*) > {{max_item_users}}
    ) AS heavy ON edges.item_id = heavy.item_id
  ) AS placed
  WHERE place = {{max_item_users}}
)

SELECT edges.user_id, edges.item_id, edges.user_items
FROM edges
LEFT JOIN last_users ON edges.item_id = last_users.item_id
WHERE
  last_users.item_id IS NULL
  OR edges.user_place < last_users.user_place
  OR (edges.user_place = last_users.user_place AND edges.user_id <= last_users.user_id)
