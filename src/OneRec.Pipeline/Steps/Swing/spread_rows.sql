-- Each user's list, whole, for each part that has one of its items; who has one item is in no pair that scores.
SELECT needed.part, placed.user_id, placed.item_id, placed.user_items, placed.part = needed.part AS is_target
FROM placed
JOIN (SELECT DISTINCT user_id, part FROM placed WHERE user_items > 1) AS needed ON placed.user_id = needed.user_id
