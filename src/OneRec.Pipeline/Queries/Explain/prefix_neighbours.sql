-- The items that share the longest prefixes of the IDs asked for. Prefixes nest, so the number of matching prefixes is the
-- number of shared codes.
SELECT nearest.place, nearest.turn, nearest.item_id, items.title, nearest.sid, nearest.slot, nearest.shared
FROM (
  SELECT
    place, item_id, sid, slot, shared,
    row_number() OVER (PARTITION BY place ORDER BY shared DESC NULLS LAST, item_id ASC NULLS FIRST) AS turn
  FROM (
    SELECT prefixes.place, ids.item_id, ids.sid, ids.slot, count(*) AS shared
    FROM prefixes
    JOIN ids ON ids.first_code = prefixes.first_code
    WHERE substring(concat(ids.sid, '-'), 1, prefixes.length) = prefixes.prefix AND ids.item_id <> prefixes.item_id
    GROUP BY prefixes.place, ids.item_id, ids.sid, ids.slot
  ) AS matches
) AS nearest
LEFT JOIN items ON items.item_id = nearest.item_id
WHERE nearest.turn <= {{most}}
ORDER BY nearest.place ASC NULLS FIRST, nearest.turn ASC NULLS FIRST
