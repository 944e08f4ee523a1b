-- Items with an embedding and an ID.
SELECT embedded.item_id, embedded.embedding AS vector, semantic_ids.codes
FROM embedded
JOIN semantic_ids ON semantic_ids.item_id = embedded.item_id
WHERE semantic_ids.codebook_id = {{codebook_id}} AND semantic_ids.deleted_at IS NULL
