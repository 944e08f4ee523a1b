-- Items with the version of their images, or an empty text.
SELECT
  items.item_id,
  items.title,
  items.caption,
  items.tags,
  items.asr,
  items.ocr,
  items.tokens_version,
  coalesce(images.texts, '') AS images_version,
  items.deleted
FROM items
LEFT JOIN images ON items.item_id = images.item_id
