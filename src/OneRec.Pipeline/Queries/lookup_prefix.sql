-- Items of a semantic ID or a prefix.
SELECT ids.sid, ids.slot, ids.item_id, items.title, ids.error, ids.codebook_id
FROM ids
LEFT JOIN items ON items.item_id = ids.item_id
WHERE ids.sid = {{sid}} OR ids.sid LIKE {{prefix}}
ORDER BY ids.codes ASC NULLS FIRST, ids.slot ASC NULLS FIRST
LIMIT {{limit}}
