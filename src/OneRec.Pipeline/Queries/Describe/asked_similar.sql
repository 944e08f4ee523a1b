-- How many similar items the items asked for have.
SELECT asked.place, count(*) AS similar_items
FROM asked
JOIN similarity ON similarity.item_id = asked.item_id
GROUP BY asked.place
