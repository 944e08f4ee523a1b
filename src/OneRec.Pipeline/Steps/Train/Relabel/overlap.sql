-- How many items have a new code and an old one at a level. Without such a level the old code is empty.
SELECT fresh_code, held_code, count(*) AS items
FROM (
  SELECT split_part(fresh, '-', {{place}}) AS fresh_code, split_part(held, '-', {{place}}) AS held_code
  FROM both_ids
) AS codes
GROUP BY fresh_code, held_code
