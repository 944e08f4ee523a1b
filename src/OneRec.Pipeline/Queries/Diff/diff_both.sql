-- The items that have both IDs, and had one below a parent.
SELECT from_sid, to_sid
FROM changes
WHERE from_sid IS NOT NULL AND to_sid IS NOT NULL
  AND substring(concat(from_sid, '-'), 1, {{length}}) = {{parent}}
