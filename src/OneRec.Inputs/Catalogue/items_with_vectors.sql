-- Items with the version of their vectors, an empty text if they have none.
SELECT
  items.item_id,
  items.title,
  items.caption,
  items.tags,
  items.asr,
  items.ocr,
  coalesce(vectors.version, '') AS tokens_version,
  items.images_version,
  items.deleted
FROM items
LEFT JOIN vectors ON items.item_id = vectors.item_id
