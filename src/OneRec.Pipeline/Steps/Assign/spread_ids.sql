-- Encoded items with their final codes: the nearest ones, or the codes they moved to where those were overfull.
SELECT
  encoded.item_id,
  coalesce(spread.codes, encoded.codes) AS codes,
  coalesce(spread.sid, encoded.sid) AS sid,
  coalesce(spread.first_code, encoded.first_code) AS first_code,
  encoded.nearest_code,
  coalesce(spread.error, encoded.error) AS error,
  encoded.embedding_hash
FROM encoded
LEFT JOIN spread ON encoded.item_id = spread.item_id
