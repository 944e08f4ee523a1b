-- The prefixes that lost and got most, and how many there are.
SELECT prefix, items_before, items_after, stayed, departed, gone, arrived, fresh, count(*) OVER () AS prefixes
FROM balance
WHERE departed + gone + arrived + fresh >= {{least}}
ORDER BY departed + gone + arrived + fresh DESC NULLS LAST, items_before DESC NULLS LAST, prefix ASC NULLS FIRST
LIMIT {{most}}
