-- The distances of the embeddings that IDs were computed from.
SELECT encoded.item_id, items.title, ids.sid, ids.slot, encoded.level_errors
FROM encoded
JOIN ids ON ids.item_id = encoded.item_id AND ids.embedding_hash = encoded.embedding_hash
LEFT JOIN items ON items.item_id = encoded.item_id
