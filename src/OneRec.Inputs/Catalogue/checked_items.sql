-- Items with their fields as text. Bad rows have bad = 1 and the details.
SELECT
  item_id,
  {{texts}},
  deleted,
  version,
  bad,
  {{details_of_bad}}
FROM (
  SELECT *, CASE WHEN item_id IS NULL OR invalid_values > 0 THEN 1 ELSE 0 END AS bad
  FROM items
) AS checked
