-- Embeddings of the items that could be embedded.
SELECT item_id, embedding
FROM embedded
WHERE problem IS NULL
