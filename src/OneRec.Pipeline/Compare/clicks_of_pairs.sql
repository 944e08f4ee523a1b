SELECT item_id, pair_item_id
FROM pairs
