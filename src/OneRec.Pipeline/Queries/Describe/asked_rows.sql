-- The catalogue's rows of the items asked for.
SELECT
  asked.place,
  items.title,
  items.caption,
  items.tags,
  items.content_hash,
  items.updated_at,
  items.deleted_at,
  items.asr,
  items.ocr
FROM asked
JOIN items ON items.item_id = asked.item_id
