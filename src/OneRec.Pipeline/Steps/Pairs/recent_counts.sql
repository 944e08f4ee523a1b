-- The number of clicks, targets and users to split into parts.
SELECT
  count(*) AS clicks,
  count(CASE WHEN is_target THEN 1 END) AS targets,
  count(DISTINCT user_id) AS users
FROM recent
