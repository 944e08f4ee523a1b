-- The training pairs: all, or those with the lowest hashes; in an order that does not depend on the engine.
SELECT item_id, pair_item_id
FROM (
  SELECT
    item_id,
    pair_item_id,
    source,
    row_number() OVER (
      ORDER BY
        {{pair_hash}} ASC,
        item_id ASC NULLS FIRST,
        pair_item_id ASC NULLS FIRST,
        source ASC NULLS FIRST
    ) AS place
  FROM pairs
  WHERE item_id <> pair_item_id
) AS placed
WHERE place <= {{most}}
ORDER BY item_id ASC NULLS FIRST, pair_item_id ASC NULLS FIRST, source ASC NULLS FIRST
