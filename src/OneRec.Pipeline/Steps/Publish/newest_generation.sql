-- The generation that readers use.
SELECT max(generation) AS generation
FROM published
