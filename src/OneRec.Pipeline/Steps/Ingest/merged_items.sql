-- The catalogue merged into the existing items, with the change of each item: new, changed (different content),
-- revived, deleted, absent, or same (the row is kept). Items missing from the catalogue are kept, or marked as deleted
-- if the catalogue is a snapshot (is_snapshot = 1). A deleted item whose texts were purged (its hash is empty) stays as it is.
SELECT
  CASE WHEN catalogue.item_id IS NULL THEN present.item_id ELSE catalogue.item_id END AS item_id,
  CASE WHEN catalogue.item_id IS NULL THEN present.title ELSE catalogue.title END AS title,
  CASE WHEN catalogue.item_id IS NULL THEN present.caption ELSE catalogue.caption END AS caption,
  CASE WHEN catalogue.item_id IS NULL THEN present.tags ELSE catalogue.tags END AS tags,
  CASE WHEN catalogue.item_id IS NULL THEN present.asr ELSE catalogue.asr END AS asr,
  CASE WHEN catalogue.item_id IS NULL THEN present.ocr ELSE catalogue.ocr END AS ocr,
  CASE WHEN catalogue.item_id IS NULL THEN present.content_hash ELSE catalogue.content_hash END AS content_hash,
  CASE
    WHEN catalogue.item_id IS NULL THEN present.updated_at
    WHEN present.item_id IS NULL OR present.content_hash <> catalogue.content_hash THEN {{now}}
    WHEN present.deleted_at IS NOT NULL AND catalogue.deleted = 0 THEN {{now}}
    ELSE present.updated_at
  END AS updated_at,
  CASE
    WHEN catalogue.item_id IS NULL AND {{is_snapshot}} = 1 AND present.deleted_at IS NULL THEN {{now}}
    WHEN catalogue.item_id IS NULL THEN present.deleted_at
    WHEN catalogue.deleted = 0 THEN NULL
    WHEN present.deleted_at IS NOT NULL THEN present.deleted_at
    ELSE {{now}}
  END AS deleted_at,
  CASE
    WHEN catalogue.item_id IS NULL AND {{is_snapshot}} = 1 AND present.deleted_at IS NULL THEN 'absent'
    WHEN catalogue.item_id IS NULL THEN 'same'
    WHEN present.item_id IS NULL THEN 'new'
    WHEN present.deleted_at IS NULL AND catalogue.deleted = 1 THEN 'deleted'
    WHEN present.deleted_at IS NOT NULL AND catalogue.deleted = 0 THEN 'revived'
    WHEN present.content_hash <> catalogue.content_hash THEN 'changed'
    -- Another program changed the fields but not their hash.
    WHEN present.title IS DISTINCT FROM catalogue.title
      OR present.caption IS DISTINCT FROM catalogue.caption
      OR present.tags IS DISTINCT FROM catalogue.tags
      OR present.asr IS DISTINCT FROM catalogue.asr
      OR present.ocr IS DISTINCT FROM catalogue.ocr THEN 'changed'
    ELSE 'same'
  END AS change
FROM present
FULL OUTER JOIN (
  SELECT catalogue.*
  FROM catalogue
  LEFT JOIN (
    SELECT item_id
    FROM present
    WHERE content_hash = ''
  ) AS purged ON purged.item_id = catalogue.item_id
  WHERE catalogue.deleted = 0 OR purged.item_id IS NULL
) AS catalogue ON present.item_id = catalogue.item_id
