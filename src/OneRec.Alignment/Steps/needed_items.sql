-- The items that training reads: both ends of pairs, and at most a number of others by hash, in which partners are looked for.
SELECT items.*
FROM items
JOIN (
  SELECT candidates.item_id
  FROM (
    SELECT
      live.item_id,
      row_number() OVER (
        ORDER BY {{item_hash}} ASC, live.item_id ASC NULLS FIRST
      ) AS place
    FROM (SELECT item_id FROM items WHERE deleted_at IS NULL) AS live
  ) AS candidates
  LEFT JOIN (
    SELECT item_id FROM pairs
    UNION
    SELECT pair_item_id AS item_id FROM pairs
  ) AS paired ON paired.item_id = candidates.item_id
  WHERE candidates.place <= {{candidates}} OR paired.item_id IS NOT NULL
) AS needed ON needed.item_id = items.item_id
