-- Training neighbours of the items whose partners are looked for.
SELECT neighbours.item_id, neighbours.similar_item_id
FROM neighbours
JOIN (SELECT DISTINCT item_id FROM partners) AS wanted ON wanted.item_id = neighbours.item_id
