-- The most clicked items of each prefix.
SELECT placed.prefix, placed.item_id, items.title
FROM (
  SELECT
    members.prefix, ids.item_id,
    row_number() OVER (
      PARTITION BY members.prefix
      ORDER BY ids.clicks DESC NULLS LAST, ids.neighbours DESC NULLS LAST, ids.item_id ASC NULLS FIRST) AS turn
  FROM members
  JOIN ids ON ids.item_id = members.item_id
) AS placed
LEFT JOIN items ON items.item_id = placed.item_id
WHERE placed.turn <= {{titles}}
ORDER BY placed.prefix ASC NULLS FIRST, placed.turn ASC NULLS FIRST
