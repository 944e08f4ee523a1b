-- Tags with their items. Bad rows have bad = 1 and the details.
SELECT
  item_id,
  tag,
  bad,
  {{details_of_bad}}
FROM (
  SELECT *, CASE WHEN invalid_values > 0 OR item_id IS NULL THEN 1 ELSE 0 END AS bad
  FROM (SELECT {{columns}} FROM tags) AS typed
) AS checked
