-- The clicks of one part: after the cut (held out), or up to it.
SELECT user_id, item_id{{time}}
FROM clicks
WHERE {{held_out}} = CASE WHEN event_time > {{cut}} THEN 1 ELSE 0 END
