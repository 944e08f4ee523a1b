-- The IDs whose codes are computed again.
SELECT *
FROM ids
ORDER BY {{order}} ASC NULLS FIRST
LIMIT {{most}}
