-- Items whose ID was computed from an embedding that is not among theirs. An item without embeddings is not counted.
SELECT count(*) AS items, min(ids.item_id) AS first_item
FROM semantic_ids AS ids
JOIN (SELECT DISTINCT item_id FROM hashes) AS embedded ON ids.item_id = embedded.item_id
LEFT JOIN (SELECT DISTINCT item_id, embedding_hash FROM hashes) AS known
  ON ids.item_id = known.item_id AND ids.embedding_hash = known.embedding_hash
WHERE ids.codebook_id = {{codebook_id}} AND ids.deleted_at IS NULL AND known.item_id IS NULL
