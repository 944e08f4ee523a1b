-- The rows of two relations.
SELECT item_id, codes, sid, first_code, nearest_code, error, embedding_hash
FROM left_rows
UNION ALL
SELECT item_id, codes, sid, first_code, nearest_code, error, embedding_hash
FROM right_rows
