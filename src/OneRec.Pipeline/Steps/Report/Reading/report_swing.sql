-- The most similar items of each example by Swing.
SELECT
  examples.place,
  similar.rank,
  similar.similar_item_id AS item_id,
  items.title,
  ids.sid,
  ids.slot,
  similar.score,
  similar.common_users
FROM examples
JOIN item_similarity AS similar ON similar.item_id = examples.item_id
LEFT JOIN ids ON ids.item_id = similar.similar_item_id
LEFT JOIN items ON items.item_id = similar.similar_item_id
WHERE similar.rank <= {{neighbours}}
ORDER BY examples.place ASC NULLS FIRST, similar.rank ASC NULLS FIRST
