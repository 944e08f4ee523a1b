-- The complete item list of each user, once per part that has one of the user's items. A user with one item contributes
-- to no score and is left out.
SELECT needed.part, placed.user_id, placed.item_id, placed.user_items, placed.part = needed.part AS is_target
FROM placed
JOIN (SELECT DISTINCT user_id, part FROM placed WHERE user_items > 1) AS needed ON placed.user_id = needed.user_id
