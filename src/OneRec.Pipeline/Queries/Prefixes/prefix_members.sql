-- The prefix of each item of a parent.
SELECT item_id, {{prefix}} AS prefix
FROM ids
WHERE substring(concat(sid, '-'), 1, {{length}}) = {{parent}}
