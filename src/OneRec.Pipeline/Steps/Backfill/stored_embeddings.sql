-- Embeddings that the items already have.
SELECT embedded.item_id, embedded.embedding
FROM embedded
JOIN wanted ON embedded.item_id = wanted.item_id AND embedded.content_hash = wanted.content_hash
WHERE embedded.model_id = {{model_id}}
