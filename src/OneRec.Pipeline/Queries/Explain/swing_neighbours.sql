-- The most similar items of the items asked for, by Swing.
SELECT
  asked.place,
  similarity.rank,
  similarity.similar_item_id,
  items.title,
  ids.sid,
  ids.slot,
  similarity.score,
  similarity.common_users
FROM asked
JOIN similarity ON similarity.item_id = asked.item_id
LEFT JOIN ids ON ids.item_id = similarity.similar_item_id
LEFT JOIN items ON items.item_id = similarity.similar_item_id
WHERE similarity.rank <= {{most}}
ORDER BY asked.place ASC NULLS FIRST, similarity.rank ASC NULLS FIRST
