-- One item an ID: the one with the lowest slot, which got the ID first.
SELECT item_id, codes, sid, slot, nearest_code
FROM (
  SELECT *, row_number() OVER (PARTITION BY sid ORDER BY slot ASC NULLS FIRST) AS twin
  FROM ids
) AS numbered
WHERE twin = 1
