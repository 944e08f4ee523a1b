-- Number of interactions whose item is in the catalogue.
SELECT count(*) AS interactions
FROM clicks
JOIN items ON clicks.item_id = items.item_id
