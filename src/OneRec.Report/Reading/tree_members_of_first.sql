-- The shown prefix of each item, where IDs have one code.
SELECT ids.item_id, shown.prefix
FROM ids
JOIN shown ON shown.prefix = ids.sid
