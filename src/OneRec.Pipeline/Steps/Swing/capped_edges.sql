-- The users with the lowest hashes of each item. user_items still counts a user's items before the cap.
SELECT user_id, item_id, user_items
FROM (
  SELECT
    user_id,
    item_id,
    user_items,
    row_number() OVER (PARTITION BY item_id ORDER BY user_hash ASC, user_id ASC) AS place
  FROM (
    SELECT
      user_id,
      item_id,
      user_items,
      md5(concat_ws(
        '|',
        CAST({{seed}} AS STRING),
        'cap',
        CAST(length(CAST(user_id AS STRING)) AS STRING),
        CAST(user_id AS STRING)
      )) AS user_hash
    FROM edges
  ) AS hashed
) AS placed
WHERE place <= {{max_item_users}}
