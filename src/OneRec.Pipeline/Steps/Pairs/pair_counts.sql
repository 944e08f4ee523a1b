-- Clicks that gave a pair (reason null), and those that gave none by reason.
SELECT dropped, CAST(sum(count) AS BIGINT) AS clicks
FROM history
GROUP BY dropped
ORDER BY dropped ASC NULLS FIRST
