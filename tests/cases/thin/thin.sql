-- Rows whose id is a number; the token version as a literal full of what quoting gets wrong.
SELECT
  CAST(item_id AS BIGINT) AS item_id,
  title,
  caption,
  tags,
  asr,
  ocr,
  {{tokens_version}} AS tokens_version,
  CAST(NULL AS STRING) AS images_version
FROM catalogue
WHERE try_cast(item_id AS BIGINT) >= {{least}}
-- the script may end in a comment
