-- Each user's items, at their latest click, as far as pairs can need them: the latest clicks are targets, and the
-- histories of the targets follow. The histories reach further back than targets plus history only if other clicks have
-- the same time as the earliest target. The newest click carries the number of clicks beyond the targets
-- (over_targets).
SELECT
  user_id,
  item_id,
  event_time,
  place <= {{targets_per_user}} AS is_target,
  CAST(CASE WHEN place = 1 THEN greatest(clicks - {{targets_per_user}}, 0) ELSE 0 END AS BIGINT) AS over_targets
FROM (
  SELECT
    user_id,
    item_id,
    event_time,
    row_number() OVER newest_first AS place,
    lag(event_time, {{history}}) OVER newest_first AS time_of_reaching,
    nth_value(event_time, {{targets_per_user}}) OVER newest_first_till_here AS time_of_targets,
    count(*) OVER newest_first_all AS clicks
  FROM (SELECT user_id, item_id, max(event_time) AS event_time FROM clicks GROUP BY user_id, item_id) AS latest
  WINDOW
    newest_first AS (PARTITION BY user_id ORDER BY event_time DESC NULLS LAST, item_id DESC NULLS LAST),
    newest_first_till_here AS (
      PARTITION BY user_id ORDER BY event_time DESC NULLS LAST, item_id DESC NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ),
    newest_first_all AS (
      PARTITION BY user_id ORDER BY event_time DESC NULLS LAST, item_id DESC NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    )
) AS placed
WHERE place <= {{targets_per_user}} + {{history}} OR time_of_reaching = time_of_targets
