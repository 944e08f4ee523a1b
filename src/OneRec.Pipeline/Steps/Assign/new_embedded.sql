-- Embedded items without an ID under the codebook.
SELECT embedded.item_id, embedded.embedding
FROM embedded
WHERE NOT EXISTS (
  SELECT 1
  FROM semantic_ids
  WHERE semantic_ids.item_id = embedded.item_id
    AND semantic_ids.codebook_id = {{codebook_id}}
    AND semantic_ids.deleted_at IS NULL
)
