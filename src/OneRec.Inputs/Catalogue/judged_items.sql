-- Items with their fields as texts, and which rows cannot be read (bad = 1) with the text that their columns have.
SELECT
  item_id,
  {{texts}},
  deleted,
  version,
  bad,
  {{details_of_bad}}
FROM (
  SELECT *, CASE WHEN item_id IS NULL OR misfits > 0 THEN 1 ELSE 0 END AS bad
  FROM items
) AS judged
