-- The first ID under the codebook that more than one item has, with two of these items.
SELECT sid, slot, min(item_id) AS first_item, max(item_id) AS last_item
FROM semantic_ids
WHERE codebook_id = {{codebook_id}} AND deleted_at IS NULL
GROUP BY sid, slot
HAVING count(*) > 1
ORDER BY sid ASC NULLS FIRST, slot ASC NULLS FIRST
LIMIT 1
