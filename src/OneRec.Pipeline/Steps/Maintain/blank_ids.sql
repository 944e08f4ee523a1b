-- IDs of purged items, under no item: slots are kept, so that they are not given again.
SELECT
  {{no_item}} AS item_id,
  semantic_ids.codes,
  semantic_ids.sid,
  semantic_ids.first_code,
  semantic_ids.slot,
  semantic_ids.nearest_code,
  semantic_ids.error,
  '' AS embedding_hash,
  semantic_ids.assigned_at,
  coalesce(semantic_ids.deleted_at, {{now}}) AS deleted_at,
  semantic_ids.run_id,
  semantic_ids.codebook_id
FROM semantic_ids
JOIN purged ON semantic_ids.item_id = purged.item_id
