-- Each user's clicks, once per part that contains a target of the user. A click is a target only in its own item's
-- part.
WITH placed AS (
  SELECT
    user_id,
    item_id,
    event_time,
    is_target,
    over_targets,
    {{item_hash}} % {{item_parts}} AS item_part,
    {{user_hash}} % {{user_parts}} AS user_part
  FROM recent
)

SELECT
  CAST((needed.item_part * {{user_parts}}) + placed.user_part AS INT) AS part,
  placed.user_id,
  placed.item_id,
  placed.event_time,
  placed.is_target AND placed.item_part = needed.item_part AS is_target,
  placed.over_targets
FROM placed
JOIN (SELECT DISTINCT user_id, item_part FROM placed WHERE is_target) AS needed ON placed.user_id = needed.user_id
