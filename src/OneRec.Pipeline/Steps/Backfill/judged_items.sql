-- Items with the reason why they get no ID here; null for those that do.
SELECT
  part.item_id, part.title, part.caption, part.tags, part.asr, part.ocr, part.content_hash,
  CASE
    WHEN ids.item_id IS NOT NULL THEN 'with an ID'
    WHEN items.deleted_at IS NOT NULL THEN 'deleted'
    WHEN items.content_hash <> part.content_hash THEN 'changed'
  END AS reason
FROM part
LEFT JOIN (
  SELECT DISTINCT item_id
  FROM semantic_ids
  WHERE codebook_id = {{codebook_id}} AND deleted_at IS NULL
) AS ids ON ids.item_id = part.item_id
LEFT JOIN items ON items.item_id = part.item_id
