-- The ids of the items.
SELECT item_id
FROM items
