-- Interactions whose item the catalogue has.
SELECT count(*) AS interactions
FROM clicks
JOIN items ON clicks.item_id = items.item_id
