-- The scores of each part's items, once per user part.
SELECT
  CAST(({{item_hash}} % {{item_parts}} * {{user_parts}}) + user_parts.user_part AS INT) AS part,
  similarity.item_id,
  similarity.similar_item_id,
  similarity.score
FROM similarity
CROSS JOIN user_parts
