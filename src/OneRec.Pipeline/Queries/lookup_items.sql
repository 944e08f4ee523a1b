-- IDs of the requested items, in the requested order.
SELECT asked.item_id, items.title, ids.sid, ids.slot, ids.error, ids.codebook_id
FROM asked
LEFT JOIN ids ON ids.item_id = asked.item_id
LEFT JOIN items ON items.item_id = asked.item_id
ORDER BY asked.place ASC NULLS FIRST
