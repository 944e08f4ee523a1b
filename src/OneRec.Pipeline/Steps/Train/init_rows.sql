-- The first rows in the order of init.
SELECT item_id, init_hash, vector
FROM training_rows
ORDER BY init_hash ASC NULLS FIRST, item_id ASC NULLS FIRST
LIMIT {{wanted}}
