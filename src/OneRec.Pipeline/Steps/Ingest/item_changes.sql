-- Number of items by kind of change.
SELECT change, count(*) AS items
FROM merged
GROUP BY change
