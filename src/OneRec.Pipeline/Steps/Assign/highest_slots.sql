-- The highest slot ever assigned to each semantic ID under the codebook, including deleted rows.
SELECT sid, max(slot) AS slot
FROM semantic_ids
WHERE codebook_id = {{codebook_id}}
GROUP BY sid
