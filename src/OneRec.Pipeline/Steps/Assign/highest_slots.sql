-- The highest slot ever given under the codebook to each semantic ID, deleted rows included.
SELECT sid, max(slot) AS slot
FROM semantic_ids
WHERE codebook_id = {{codebook_id}}
GROUP BY sid
