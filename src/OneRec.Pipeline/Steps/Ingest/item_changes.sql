-- How many items each change has.
SELECT change, count(*) AS items
FROM merged
GROUP BY change
