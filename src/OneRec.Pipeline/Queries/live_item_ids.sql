-- The ids of the items that are not deleted.
SELECT item_id
FROM items
WHERE deleted = 0
