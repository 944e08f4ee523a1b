-- Where most items of the prefixes asked for went, and where most came from.
SELECT ranked.prefix, ranked.side, ranked.other, ranked.items
FROM (
  SELECT
    ends.prefix,
    ends.side,
    ends.other,
    ends.items,
    row_number() OVER (PARTITION BY ends.prefix, ends.side ORDER BY ends.items DESC NULLS LAST, ends.other ASC NULLS FIRST) AS place
  FROM (
    SELECT flows.prefix_from AS prefix, 'to' AS side, flows.prefix_to AS other, flows.items
    FROM flows
    JOIN asked ON asked.prefix = flows.prefix_from
    WHERE flows.prefix_to IS NOT NULL
    UNION ALL
    SELECT flows.prefix_to AS prefix, 'from' AS side, flows.prefix_from AS other, flows.items
    FROM flows
    JOIN asked ON asked.prefix = flows.prefix_to
    WHERE flows.prefix_from IS NOT NULL
  ) AS ends
) AS ranked
WHERE ranked.place <= {{most}}
ORDER BY ranked.prefix ASC NULLS FIRST, ranked.side ASC NULLS FIRST, ranked.place ASC NULLS FIRST
