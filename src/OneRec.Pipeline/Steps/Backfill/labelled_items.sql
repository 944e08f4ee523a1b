-- The catalogue's items that are not deleted there, each with the label by which it is divided.
SELECT
  hashed.item_id, hashed.title, hashed.caption, hashed.tags, hashed.asr, hashed.ocr, hashed.content_hash,
  {{label}} AS label
FROM hashed
JOIN items ON hashed.item_id = items.item_id
WHERE items.deleted = 0
