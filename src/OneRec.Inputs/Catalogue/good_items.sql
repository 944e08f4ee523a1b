-- Items without bad rows, which are an error or are quarantined.
SELECT item_id, title, caption, tags, asr, ocr, tokens_version, images_version, slice, deleted
FROM items
WHERE bad = 0
