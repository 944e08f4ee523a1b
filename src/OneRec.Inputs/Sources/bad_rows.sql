-- The bad rows by the texts of the columns that were looked at, and how many there are of each.
SELECT {{raws}}, count(*) AS times
FROM source
WHERE {{flag}} = 1
GROUP BY {{raws}}
ORDER BY {{order}}
LIMIT {{limit}}
