-- The prefixes of the first level, the largest first.
SELECT split_part(sid, '-', 1) AS prefix, count(*) AS items
FROM ids
GROUP BY split_part(sid, '-', 1)
ORDER BY items DESC NULLS LAST, prefix ASC NULLS FIRST
