-- Each item's value of a column; items without one are left out.
SELECT CAST(item_id AS STRING) AS item_id, {{column}} AS value
FROM items
WHERE {{column}} IS NOT NULL AND {{column}} <> ''
ORDER BY item_id ASC NULLS FIRST
