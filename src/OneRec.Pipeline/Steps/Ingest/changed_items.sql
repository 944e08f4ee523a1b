-- New and changed rows of table items.
SELECT item_id, title, caption, tags, asr, ocr, content_hash, updated_at, deleted_at
FROM merged
WHERE change <> 'same'
