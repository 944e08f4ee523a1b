-- The edges with the part of their item: heavy items are placed individually, the others by their hash.
SELECT edges.user_id, edges.item_id, edges.user_items, placed.part
FROM edges
JOIN (
  SELECT items.item_id, coalesce(heavy.part, ranges.part) AS part
  FROM (
    SELECT item_id, substring(md5(CAST(item_id AS STRING)), 1, 8) AS item_hash
    FROM (SELECT DISTINCT item_id FROM edges) AS distinct_items
  ) AS items
  JOIN ranges ON items.item_hash >= ranges.first_hash AND items.item_hash < ranges.below_hash
  LEFT JOIN heavy ON items.item_id = heavy.item_id
) AS placed ON edges.item_id = placed.item_id
