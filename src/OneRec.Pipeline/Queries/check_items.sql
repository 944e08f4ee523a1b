-- Items, how many have each text, and how many are taken down.
SELECT
  count(*) AS items,
  count(title) AS with_title,
  count(caption) AS with_caption,
  count(tags) AS with_tags,
  count(asr) AS with_asr,
  count(ocr) AS with_ocr,
  CAST(coalesce(sum(CAST(deleted AS BIGINT)), 0) AS BIGINT) AS deleted
FROM items
