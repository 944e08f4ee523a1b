-- The clicks of one part: users whose hash is below the threshold (held out), or the others.
SELECT user_id, item_id{{time}}
FROM clicks
WHERE {{held_out}} = CASE WHEN substring({{user_hash}}, 1, 8) < {{below}} THEN 1 ELSE 0 END
