-- The model's embeddings of the items below a parent, also of earlier contents.
SELECT embeddings.item_id, embeddings.embedding
FROM embeddings
JOIN ids ON ids.item_id = embeddings.item_id
WHERE embeddings.model_id = {{model_id}} AND substring(concat(ids.sid, '-'), 1, {{length}}) = {{parent}}
