-- How many neighbour pairs, both items with an ID, share a prefix. rest: pattern of the codes after the prefix.
WITH ids AS (
  SELECT item_id, regexp_replace(sid, {{rest}}, '') AS prefix
  FROM semantic_ids
  WHERE codebook_id = {{codebook_id}} AND deleted_at IS NULL
)
SELECT
  count(*) AS pairs,
  CAST(coalesce(sum(CASE WHEN ids.prefix = others.prefix THEN 1 ELSE 0 END), 0) AS BIGINT) AS alike
FROM neighbours
JOIN ids ON neighbours.item_id = ids.item_id
JOIN ids AS others ON neighbours.similar_item_id = others.item_id
