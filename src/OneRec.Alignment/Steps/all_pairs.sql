-- All training pairs, in an order that does not depend on the engine.
SELECT item_id, pair_item_id
FROM pairs
WHERE item_id <> pair_item_id
ORDER BY item_id ASC NULLS FIRST, pair_item_id ASC NULLS FIRST, source ASC NULLS FIRST
