-- Both sources: Swing neighbours, and users' clicks with the most similar earlier click, counted over users. The score
-- of a pair does not depend on the user.
SELECT
  item_id,
  similar_item_id AS pair_item_id,
  'i2i' AS source,
  score AS weight,
  CAST(common_users AS BIGINT) AS support
FROM item_similarity
WHERE rank <= {{i2i_top_k}} AND score >= {{min_score}}
UNION ALL
SELECT
  item_id,
  pair_item_id,
  'u2i' AS source,
  max(score) AS weight,
  count(*) AS support
FROM history
WHERE dropped IS NULL
GROUP BY item_id, pair_item_id
