-- How many of all ordered pairs of items with an ID share a prefix.
SELECT
  CAST(coalesce(sum(items), 0) AS BIGINT) AS items,
  CAST(coalesce(sum(items * (items - 1)), 0) AS BIGINT) AS alike
FROM (
  SELECT regexp_replace(sid, {{rest}}, '') AS prefix, count(*) AS items
  FROM semantic_ids
  WHERE codebook_id = {{codebook_id}} AND deleted_at IS NULL
  GROUP BY regexp_replace(sid, {{rest}}, '')
) AS prefixes
