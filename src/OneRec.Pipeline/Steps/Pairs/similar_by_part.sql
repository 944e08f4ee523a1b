-- The scores of each part's items, once for each part of the users.
SELECT
  CAST(({{item_hash}} % {{item_parts}} * {{user_parts}}) + user_parts.user_part AS INT) AS part,
  similarity.item_id,
  similarity.similar_item_id,
  similarity.score
FROM similarity
CROSS JOIN user_parts
