-- Tags with their items, and which rows cannot be read (bad = 1) with the text that their columns have.
SELECT
  item_id,
  tag,
  bad,
  {{details_of_bad}}
FROM (
  SELECT *, CASE WHEN misfits > 0 OR item_id IS NULL THEN 1 ELSE 0 END AS bad
  FROM (SELECT {{columns}} FROM tags) AS typed
) AS judged
