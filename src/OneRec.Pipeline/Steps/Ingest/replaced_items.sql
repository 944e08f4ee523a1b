-- Items whose row in table items changes.
SELECT item_id
FROM merged
WHERE change <> 'same' AND change <> 'new'
