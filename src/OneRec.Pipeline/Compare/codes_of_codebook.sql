-- IDs of live items.
SELECT CAST(ids.item_id AS STRING) AS item_id, ids.codes
FROM ids
JOIN items ON ids.item_id = items.item_id
WHERE ids.codebook_id = {{codebook_id}} AND ids.deleted_at IS NULL
