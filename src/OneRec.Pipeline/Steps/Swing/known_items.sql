-- Number of items with edges that are in the catalogue.
SELECT count(*) AS known
FROM (SELECT DISTINCT item_id FROM edges) AS clicked
JOIN items ON clicked.item_id = items.item_id
