-- The published generation.
SELECT max(generation) AS generation
FROM published
