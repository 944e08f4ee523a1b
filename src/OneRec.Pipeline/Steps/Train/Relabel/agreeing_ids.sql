-- Items whose relabelled code at a level is the old one.
SELECT both_ids.fresh, both_ids.held
FROM both_ids
JOIN labels
  ON split_part(both_ids.fresh, '-', {{place}}) = labels.fresh_code
  AND split_part(both_ids.held, '-', {{place}}) = labels.held_code
