-- The scores that can form a pair.
SELECT item_id, similar_item_id, score
FROM item_similarity
WHERE score >= {{min_score}}
