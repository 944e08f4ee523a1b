-- The catalogue's items. Text fields use the columns as they are in the files; id, version and predicate use typed columns.
SELECT
  {{item_id}} AS item_id,
  onerec_title AS title,
  onerec_caption AS caption,
  onerec_tags AS tags,
  onerec_asr AS asr,
  onerec_ocr AS ocr,
  onerec_tokens_version AS tokens_version,
  onerec_images_version AS images_version,
  onerec_slice AS slice,
  CASE WHEN {{deleted}} THEN 1 ELSE 0 END AS deleted,
  {{version}} AS version,
  onerec_invalid AS invalid_values,
  {{details}}
FROM (SELECT {{columns}} FROM catalogue) AS typed
