-- The newest generation of a codebook.
SELECT max(generation) AS generation
FROM published
WHERE codebook_id = {{codebook_id}}
