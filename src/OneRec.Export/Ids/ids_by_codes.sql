-- IDs numbered in the order of codes and slots, in parts of a bounded number of rows.
SELECT
  CAST((place - place % {{rows}}) / {{rows}} AS INT) AS part,
  place,
  item_id,
  codes,
  slot,
  nearest_code
FROM (
  SELECT *, row_number() OVER (ORDER BY codes ASC NULLS FIRST, slot ASC NULLS FIRST) - 1 AS place
  FROM ids
) AS numbered
