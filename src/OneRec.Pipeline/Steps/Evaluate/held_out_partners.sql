-- Neighbours in the held-out part that are not neighbours in the training part.
SELECT held_out.item_id, held_out.similar_item_id
FROM held_out
LEFT JOIN training
  ON held_out.item_id = training.item_id AND held_out.similar_item_id = training.similar_item_id
WHERE training.item_id IS NULL
