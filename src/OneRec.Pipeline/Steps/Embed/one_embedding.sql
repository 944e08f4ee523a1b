-- One embedding of a model, to get its length.
SELECT embedding
FROM embedded
WHERE model_id = {{model_id}}
LIMIT 1
