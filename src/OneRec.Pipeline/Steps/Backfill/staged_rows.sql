-- The codes of a slice's items.
SELECT
  CAST({{slice}} AS INT) AS slice,
  encoded.item_id,
  wanted.content_hash,
  encoded.codes,
  encoded.sid,
  encoded.first_code,
  encoded.nearest_code,
  encoded.error,
  encoded.embedding_hash
FROM encoded
JOIN wanted ON encoded.item_id = wanted.item_id
