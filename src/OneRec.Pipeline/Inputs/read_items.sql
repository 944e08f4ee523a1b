-- The catalogue's items. Texts are made of the columns as the file writes them; the id and the predicate see types.
SELECT
  {{item_id}} AS item_id,
  onerec_title AS title,
  onerec_caption AS caption,
  onerec_tags AS tags,
  onerec_asr AS asr,
  onerec_ocr AS ocr,
  onerec_tokens_version AS tokens_version,
  CAST(NULL AS STRING) AS images_version,
  CASE WHEN {{deleted}} THEN 1 ELSE 0 END AS deleted,
  onerec_misfits AS misfits
FROM (SELECT {{columns}} FROM catalogue) AS typed
