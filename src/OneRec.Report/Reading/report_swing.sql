-- The most similar items of each example, by Swing.
SELECT
  examples.place,
  pairs.rank,
  pairs.similar_item_id AS item_id,
  items.title,
  ids.sid,
  ids.slot,
  pairs.score,
  pairs.common_users
FROM examples
JOIN item_similarity AS pairs ON pairs.item_id = examples.item_id
LEFT JOIN ids ON ids.item_id = pairs.similar_item_id
LEFT JOIN items ON items.item_id = pairs.similar_item_id
WHERE pairs.rank <= {{neighbours}}
ORDER BY examples.place ASC NULLS FIRST, pairs.rank ASC NULLS FIRST
