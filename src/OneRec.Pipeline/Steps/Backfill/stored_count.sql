-- How many of the items have an embedding of their content.
SELECT count(*) AS stored
FROM wanted
WHERE EXISTS (
  SELECT 1
  FROM embedded
  WHERE embedded.item_id = wanted.item_id
    AND embedded.content_hash = wanted.content_hash
    AND embedded.model_id = {{model_id}}
)
