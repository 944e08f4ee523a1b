-- The IDs of the items asked for, under all codebooks and with those that are deleted.
SELECT
  asked.place,
  ids.codebook_id,
  ids.sid,
  ids.slot,
  ids.codes,
  ids.nearest_code,
  ids.error,
  ids.embedding_hash,
  ids.assigned_at,
  ids.deleted_at,
  ids.run_id
FROM asked
JOIN ids ON ids.item_id = asked.item_id
