-- Items with tags from the tag source.
SELECT
  items.item_id,
  items.title,
  items.caption,
  tags.texts AS tags,
  items.asr,
  items.ocr,
  items.tokens_version,
  items.images_version,
  items.deleted
FROM items
LEFT JOIN tags ON items.item_id = tags.item_id
