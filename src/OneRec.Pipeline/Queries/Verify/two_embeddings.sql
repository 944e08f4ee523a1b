-- Embeddings, contents with more than one of a model, and the first such item.
SELECT
  CAST(coalesce(sum(found), 0) AS BIGINT) AS checked,
  CAST(coalesce(sum(CASE WHEN found > 1 THEN 1 ELSE 0 END), 0) AS BIGINT) AS bad,
  min(CASE WHEN found > 1 THEN item_id END) AS first_bad
FROM (
  SELECT item_id, content_hash, model_id, count(*) AS found
  FROM embeddings
  GROUP BY item_id, content_hash, model_id
) AS by_content
