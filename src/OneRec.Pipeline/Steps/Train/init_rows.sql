-- The first rows in initialization order, chosen from the first rows of each partition.
SELECT item_id, init_hash, vector
FROM first_rows
ORDER BY init_hash ASC NULLS FIRST, item_id ASC NULLS FIRST
LIMIT {{wanted}}
