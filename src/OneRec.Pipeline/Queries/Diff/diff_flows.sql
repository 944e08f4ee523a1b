-- How many items went from which prefix to which; a prefix that is null: they had, or have, no ID.
SELECT grouped.prefix_from, grouped.prefix_to, count(*) AS items
FROM (
  SELECT
    CASE WHEN from_sid IS NOT NULL THEN {{from}} END AS prefix_from,
    CASE WHEN to_sid IS NOT NULL THEN {{to}} END AS prefix_to
  FROM changes
) AS grouped
GROUP BY grouped.prefix_from, grouped.prefix_to
