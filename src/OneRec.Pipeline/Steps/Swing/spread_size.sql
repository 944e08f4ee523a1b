-- Size of the shuffle when each user's list is sent to every part that has one of the user's items: rows, and the
-- number of characters of their ids.
SELECT
  CAST(coalesce(sum(parts * items), 0) AS BIGINT) AS shuffled,
  CAST(coalesce(sum(parts * users), 0) AS BIGINT) AS user_letters,
  CAST(coalesce(sum(parts * letters), 0) AS BIGINT) AS item_letters
FROM (
  SELECT
    count(DISTINCT part) AS parts,
    count(*) AS items,
    sum(length(CAST(user_id AS STRING))) AS users,
    sum(length(CAST(item_id AS STRING))) AS letters
  FROM placed
  WHERE user_items > 1
  GROUP BY user_id
) AS by_user
