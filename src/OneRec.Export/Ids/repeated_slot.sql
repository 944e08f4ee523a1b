-- Codes and a slot that more than one item has.
SELECT sid, slot, count(*) AS items
FROM ids
GROUP BY sid, slot
HAVING count(*) > 1
ORDER BY sid ASC NULLS FIRST, slot ASC NULLS FIRST
LIMIT 1
