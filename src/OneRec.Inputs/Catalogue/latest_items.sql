-- The rows of each item's latest version. Rows that are equal in all fields count once.
SELECT DISTINCT item_id, title, caption, tags, asr, ocr, tokens_version, images_version, slice, deleted
FROM (
  SELECT *, rank() OVER (PARTITION BY item_id ORDER BY version DESC NULLS LAST) AS age
  FROM items
  WHERE bad = 0
) AS aged
WHERE age = 1
