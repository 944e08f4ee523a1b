-- The items below a parent that have the most users in common with others.
SELECT ids.item_id, items.title, ids.sid, ids.slot, popular.users
FROM ids
JOIN (
  SELECT item_id, CAST(sum(CAST(common_users AS BIGINT)) AS BIGINT) AS users
  FROM similarity
  GROUP BY item_id
) AS popular ON popular.item_id = ids.item_id
LEFT JOIN items ON items.item_id = ids.item_id
WHERE substring(concat(ids.sid, '-'), 1, {{length}}) = {{parent}}
ORDER BY popular.users DESC NULLS LAST, ids.item_id ASC NULLS FIRST
LIMIT {{most}}
