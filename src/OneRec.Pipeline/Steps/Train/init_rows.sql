-- The first rows in the order of init, of those that are first in their partition.
SELECT item_id, init_hash, vector
FROM first_rows
ORDER BY init_hash ASC NULLS FIRST, item_id ASC NULLS FIRST
LIMIT {{wanted}}
