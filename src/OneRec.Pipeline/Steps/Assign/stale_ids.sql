-- Rows of the codebook whose item was deleted or, if hashes are given, whose embedding has changed.
SELECT semantic_ids.item_id
FROM semantic_ids
JOIN items ON semantic_ids.item_id = items.item_id
WHERE semantic_ids.codebook_id = {{codebook_id}}
  AND semantic_ids.deleted_at IS NULL
  AND items.deleted_at IS NOT NULL
UNION ALL
SELECT semantic_ids.item_id
FROM semantic_ids
JOIN hashes ON semantic_ids.item_id = hashes.item_id
WHERE semantic_ids.codebook_id = {{codebook_id}}
  AND semantic_ids.deleted_at IS NULL
  AND semantic_ids.embedding_hash <> hashes.embedding_hash
