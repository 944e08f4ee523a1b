-- The first items of some prefixes, with the number of items that each prefix has.
SELECT chosen.place, chosen.item_id, items.title, chosen.sid, chosen.found
FROM (
  SELECT
    prefixes.place, ids.item_id, ids.sid,
    count(*) OVER (PARTITION BY prefixes.place) AS found,
    row_number() OVER (PARTITION BY prefixes.place ORDER BY ids.item_id ASC NULLS FIRST) AS turn
  FROM prefixes
  JOIN ids ON ids.first_code = prefixes.first_code
  WHERE substring(concat(ids.sid, '-'), 1, prefixes.length) = prefixes.prefix
) AS chosen
LEFT JOIN items ON items.item_id = chosen.item_id
WHERE chosen.turn <= {{most}}
ORDER BY chosen.place ASC NULLS FIRST, chosen.turn ASC NULLS FIRST
