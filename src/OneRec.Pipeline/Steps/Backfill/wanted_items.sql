-- The items that get an ID, as rows of items.
SELECT
  item_id, title, caption, tags, asr, ocr, content_hash,
  CASE WHEN 1 = 0 THEN {{now}} END AS deleted_at
FROM judged
WHERE reason IS NULL
