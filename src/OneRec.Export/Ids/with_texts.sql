-- Numbered IDs with the texts of the catalogue.
SELECT ids.part, ids.place, ids.item_id, ids.codes, ids.slot, ids.nearest_code, items.title, items.caption
FROM ids
LEFT JOIN items ON items.item_id = ids.item_id
