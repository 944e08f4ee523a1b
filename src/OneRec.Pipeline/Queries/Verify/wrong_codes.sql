-- IDs; those whose embedding is not there, and the first such item; those whose codes differ from those of the embedding, and
-- the first such item. An item that was moved to a code with room has the nearest code of the last level beside its own.
SELECT
  count(*) AS checked,
  CAST(coalesce(sum(CASE WHEN again.item_id IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT) AS lost,
  min(CASE WHEN again.item_id IS NULL THEN ids.item_id END) AS first_lost,
  CAST(coalesce(sum(CASE WHEN again.prefix <> ids.prefix OR again.nearest_code <> ids.nearest_code THEN 1 ELSE 0 END), 0) AS BIGINT) AS wrong,
  min(CASE WHEN again.prefix <> ids.prefix OR again.nearest_code <> ids.nearest_code THEN ids.item_id END) AS first_wrong
FROM (
  SELECT item_id, embedding_hash, nearest_code, regexp_replace(concat('-', sid), '-[0-9]+$', '') AS prefix
  FROM ids
) AS ids
LEFT JOIN (
  SELECT DISTINCT item_id, embedding_hash, nearest_code, regexp_replace(concat('-', sid), '-[0-9]+$', '') AS prefix
  FROM encoded
) AS again ON ids.item_id = again.item_id AND ids.embedding_hash = again.embedding_hash
