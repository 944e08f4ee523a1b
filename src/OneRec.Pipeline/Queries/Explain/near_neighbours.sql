-- The nearest of the items that each partition found.
SELECT ranked.place, ranked.turn, ranked.item_id, items.title, ids.sid, ids.slot, ranked.cosine
FROM (
  SELECT
    place, item_id, cosine,
    row_number() OVER (PARTITION BY place ORDER BY cosine DESC NULLS LAST, item_id ASC NULLS FIRST) AS turn
  FROM near
) AS ranked
LEFT JOIN ids ON ids.item_id = ranked.item_id
LEFT JOIN items ON items.item_id = ranked.item_id
WHERE ranked.turn <= {{most}}
ORDER BY ranked.place ASC NULLS FIRST, ranked.turn ASC NULLS FIRST
