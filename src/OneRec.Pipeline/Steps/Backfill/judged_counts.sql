-- Number of items by reason.
SELECT reason, count(*) AS items
FROM judged
GROUP BY reason
