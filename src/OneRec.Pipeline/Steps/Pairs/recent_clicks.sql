-- Of each user's items, at the latest time that they were clicked, those that pairs can need: the latest are targets, and
-- what any history reaches back to comes with them: further back than the two together only where the earliest target has
-- others at its time. The newest tells how many are no targets.
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
