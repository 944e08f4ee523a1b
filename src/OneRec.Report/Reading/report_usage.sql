-- Number of items by level and code.
SELECT level, code, count(*) AS items
FROM (
  SELECT levels.level, split_part(ids.sid, '-', CAST(levels.level + 1 AS INT)) AS code
  FROM ids
  CROSS JOIN levels
) AS coded
GROUP BY level, code
