-- Items with an ID under the old codebook: the codes of the new codebook, and the old ones.
SELECT encoded.sid AS fresh, semantic_ids.sid AS held
FROM encoded
JOIN semantic_ids ON encoded.item_id = semantic_ids.item_id
WHERE semantic_ids.codebook_id = {{codebook_id}} AND semantic_ids.deleted_at IS NULL
