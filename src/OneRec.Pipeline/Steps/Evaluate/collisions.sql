-- How many items share their ID with other items.
SELECT
  CAST(coalesce(sum(items), 0) AS BIGINT) AS items,
  count(*) AS unique_ids,
  CAST(coalesce(sum(CASE WHEN items > 1 THEN items ELSE 0 END), 0) AS BIGINT) AS not_alone,
  CAST(coalesce(max(items), 0) AS BIGINT) AS largest
FROM (
  SELECT sid, count(*) AS items
  FROM semantic_ids
  WHERE codebook_id = {{codebook_id}} AND deleted_at IS NULL
  GROUP BY sid
) AS buckets
