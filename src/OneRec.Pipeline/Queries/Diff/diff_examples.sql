-- Items of a change: first those with the most users in common with others.
SELECT changes.item_id, items.title, changes.from_sid, changes.from_slot, changes.to_sid, changes.to_slot, changes.same_codes
FROM changes
LEFT JOIN (
  SELECT item_id, CAST(sum(CAST(common_users AS BIGINT)) AS BIGINT) AS users
  FROM similarity
  GROUP BY item_id
) AS popular ON popular.item_id = changes.item_id
LEFT JOIN items ON items.item_id = changes.item_id
WHERE changes.change = {{change}}
ORDER BY popular.users DESC NULLS LAST, changes.item_id ASC NULLS FIRST
LIMIT {{most}}
