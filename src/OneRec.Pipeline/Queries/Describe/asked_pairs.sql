-- How many pairs the items asked for are in, on either side, by source.
SELECT sides.place, sides.source, count(*) AS pairs
FROM (
  SELECT asked.place, pairs.source
  FROM asked
  JOIN pairs ON pairs.item_id = asked.item_id
  UNION ALL
  SELECT asked.place, pairs.source
  FROM asked
  JOIN pairs ON pairs.pair_item_id = asked.item_id
) AS sides
GROUP BY sides.place, sides.source
