-- The heaviest pairs that the items asked for are in, by source and side, with the number of all of them.
SELECT
  ranked.place,
  ranked.source,
  ranked.side,
  ranked.other_id,
  items.title,
  ids.sid,
  ids.slot,
  ranked.weight,
  ranked.support,
  ranked.found
FROM (
  SELECT
    place, source, side, other_id, weight, support,
    count(*) OVER (PARTITION BY place, source, side) AS found,
    row_number() OVER (PARTITION BY place, source, side ORDER BY weight DESC NULLS LAST, other_id ASC NULLS FIRST) AS turn
  FROM (
    SELECT asked.place, pairs.source, 'to' AS side, pairs.pair_item_id AS other_id, pairs.weight, pairs.support
    FROM asked
    JOIN pairs ON pairs.item_id = asked.item_id
    UNION ALL
    SELECT asked.place, pairs.source, 'from' AS side, pairs.item_id AS other_id, pairs.weight, pairs.support
    FROM asked
    JOIN pairs ON pairs.pair_item_id = asked.item_id
  ) AS sides
) AS ranked
LEFT JOIN ids ON ids.item_id = ranked.other_id
LEFT JOIN items ON items.item_id = ranked.other_id
WHERE ranked.turn <= {{most}}
ORDER BY ranked.place ASC NULLS FIRST, ranked.source ASC NULLS FIRST, ranked.side DESC NULLS LAST, ranked.turn ASC NULLS FIRST
