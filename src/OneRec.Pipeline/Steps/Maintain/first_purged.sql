-- The first of the items.
SELECT item_id, deleted_at
FROM purged
ORDER BY deleted_at ASC NULLS FIRST, item_id ASC NULLS FIRST
LIMIT {{limit}}
