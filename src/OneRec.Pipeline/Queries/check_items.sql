-- How many items have each text field, and how many are deleted.
SELECT
  count(*) AS items,
  count(title) AS with_title,
  count(caption) AS with_caption,
  count(tags) AS with_tags,
  count(asr) AS with_asr,
  count(ocr) AS with_ocr,
  CAST(coalesce(sum(CAST(deleted AS BIGINT)), 0) AS BIGINT) AS deleted,
  CAST(coalesce(sum(CASE
    WHEN title IS NULL AND caption IS NULL AND tags IS NULL AND asr IS NULL AND ocr IS NULL THEN 1 ELSE 0
  END), 0) AS BIGINT) AS without_text
FROM items
