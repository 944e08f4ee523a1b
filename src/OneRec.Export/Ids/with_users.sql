-- Numbered IDs with the users that items have in common with others.
SELECT ids.part, ids.place, ids.item_id, ids.codes, ids.slot, ids.nearest_code, popular.users
FROM ids
LEFT JOIN (
  SELECT item_id, CAST(sum(CAST(common_users AS BIGINT)) AS BIGINT) AS users
  FROM similarity
  GROUP BY item_id
) AS popular ON popular.item_id = ids.item_id
