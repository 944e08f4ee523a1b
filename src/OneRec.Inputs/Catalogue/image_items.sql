-- Images with their items. Bad rows have bad = 1 and the details.
SELECT
  item_id,
  position,
  version,
  bad,
  {{details_of_bad}}
FROM (
  SELECT *, CASE WHEN invalid_values > 0 OR item_id IS NULL OR position IS NULL THEN 1 ELSE 0 END AS bad
  FROM (SELECT {{columns}} FROM images) AS typed
) AS checked
