-- The popularity of each item, estimated from its similarities.
SELECT
  item_id,
  count(*) AS neighbours,
  CAST(sum(CAST(common_users AS BIGINT)) AS BIGINT) AS clicks
FROM item_similarity
GROUP BY item_id
