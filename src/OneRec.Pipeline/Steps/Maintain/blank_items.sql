-- Rows of purged items: only the id and the times are left.
SELECT
  items.item_id,
  CAST(NULL AS STRING) AS title,
  CAST(NULL AS STRING) AS caption,
  CAST(NULL AS STRING) AS tags,
  CAST(NULL AS STRING) AS asr,
  CAST(NULL AS STRING) AS ocr,
  '' AS content_hash,
  items.updated_at,
  items.deleted_at
FROM items
JOIN purged ON items.item_id = purged.item_id
