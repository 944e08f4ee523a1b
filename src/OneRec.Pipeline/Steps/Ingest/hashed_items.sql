-- The items with their content hash and whether they are deleted.
SELECT
  hashed.item_id,
  hashed.title,
  hashed.caption,
  hashed.tags,
  hashed.asr,
  hashed.ocr,
  hashed.content_hash,
  items.deleted
FROM hashed
JOIN items ON hashed.item_id = items.item_id
