-- IDs numbered in an order, in parts of a bounded number of rows.
SELECT
  CAST((place - place % {{rows}}) / {{rows}} AS INT) AS part,
  place,
  item_id,
  codes,
  slot,
  nearest_code
FROM (
  SELECT *, row_number() OVER (ORDER BY {{order}}) - 1 AS place
  FROM ids
) AS numbered
