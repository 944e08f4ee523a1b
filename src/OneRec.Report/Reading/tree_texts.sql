-- The texts of the items with an ID.
SELECT ids.item_id, items.title, items.caption, items.tags
FROM ids
JOIN items ON items.item_id = ids.item_id
