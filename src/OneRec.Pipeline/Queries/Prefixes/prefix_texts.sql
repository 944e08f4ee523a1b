-- The texts of the items below a parent.
SELECT ids.item_id, items.title, items.caption, items.tags
FROM ids
JOIN items ON items.item_id = ids.item_id
WHERE substring(concat(ids.sid, '-'), 1, {{length}}) = {{parent}}
