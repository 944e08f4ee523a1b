-- The bad rows grouped by the texts of the checked columns, and the number of rows in each group.
SELECT {{raws}}, count(*) AS times
FROM source
WHERE {{flag}} = 1
GROUP BY {{raws}}
ORDER BY {{order}}
LIMIT {{limit}}
