-- Clicks that formed a pair (reason null), and clicks that did not, by reason.
SELECT dropped, CAST(sum(count) AS BIGINT) AS clicks
FROM history
GROUP BY dropped
ORDER BY dropped ASC NULLS FIRST
