-- The IDs of a codebook, with or without those of deleted items.
SELECT item_id, codes, sid, slot, nearest_code
FROM semantic_ids
WHERE codebook_id = {{codebook_id}} AND (deleted_at IS NULL OR {{with_deleted}} = 1)
