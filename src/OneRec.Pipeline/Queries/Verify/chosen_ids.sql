-- The IDs whose codes are computed again.
SELECT item_id, codes, sid, nearest_code, embedding_hash
FROM ids
ORDER BY {{order}} ASC NULLS FIRST
LIMIT {{most}}
