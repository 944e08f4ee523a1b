-- The earliest time by which the given number of clicks have happened.
SELECT min(event_time) AS cut
FROM (
  SELECT event_time, sum(clicks) OVER (ORDER BY event_time ASC NULLS FIRST) AS so_far
  FROM (SELECT event_time, count(*) AS clicks FROM clicks GROUP BY event_time) AS by_time
) AS running
WHERE so_far >= {{earlier}}
