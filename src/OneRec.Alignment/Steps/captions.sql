-- The texts that a caption is made of.
SELECT item_id, title, caption, tags
FROM items
