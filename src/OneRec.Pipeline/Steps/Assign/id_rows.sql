-- Encoded items as rows of semantic_ids. Slots continue after the highest existing one, in item id order.
SELECT
  encoded.item_id,
  encoded.codes,
  encoded.sid,
  encoded.first_code,
  CAST(
    coalesce(highest.slot, -1)
      + row_number() OVER (PARTITION BY encoded.sid ORDER BY encoded.item_id ASC NULLS FIRST) AS INT) AS slot,
  encoded.nearest_code,
  encoded.error,
  encoded.embedding_hash,
  {{now}} AS assigned_at,
  CASE WHEN 1 = 0 THEN {{now}} END AS deleted_at,
  {{run_id}} AS run_id,
  {{codebook_id}} AS codebook_id
FROM encoded
LEFT JOIN highest ON encoded.sid = highest.sid
ORDER BY codes ASC NULLS FIRST, slot ASC NULLS FIRST
