-- The number of items of each prefix of a length, below a parent.
SELECT members.prefix, count(*) AS items
FROM (
  SELECT {{prefix}} AS prefix
  FROM ids
  WHERE substring(concat(sid, '-'), 1, {{length}}) = {{parent}}
) AS members
GROUP BY members.prefix
ORDER BY items DESC NULLS LAST, members.prefix ASC NULLS FIRST
