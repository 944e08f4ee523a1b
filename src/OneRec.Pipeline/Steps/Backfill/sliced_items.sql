-- The items of the slices that are wanted.
SELECT
  items.item_id, items.title, items.caption, items.tags, items.asr, items.ocr, items.content_hash, labels.slice
FROM items
JOIN labels ON items.label = labels.label
