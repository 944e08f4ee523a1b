-- The ID with the most items.
SELECT sid, count(*) AS items
FROM ids
GROUP BY sid
ORDER BY items DESC NULLS LAST, sid ASC NULLS FIRST
LIMIT 1
