-- Items with one field from another relation.
SELECT {{fields}}
FROM items
LEFT JOIN other ON items.item_id = other.item_id
