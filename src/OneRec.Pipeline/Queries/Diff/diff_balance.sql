-- What each prefix had, lost, got and has, below a parent.
SELECT
  sides.prefix,
  CAST(sum(sides.stayed + sides.departed + sides.gone) AS BIGINT) AS items_before,
  CAST(sum(sides.stayed + sides.arrived + sides.fresh) AS BIGINT) AS items_after,
  CAST(sum(sides.stayed) AS BIGINT) AS stayed,
  CAST(sum(sides.departed) AS BIGINT) AS departed,
  CAST(sum(sides.gone) AS BIGINT) AS gone,
  CAST(sum(sides.arrived) AS BIGINT) AS arrived,
  CAST(sum(sides.fresh) AS BIGINT) AS fresh
FROM (
  SELECT
    prefix_from AS prefix,
    CASE WHEN prefix_to = prefix_from THEN items ELSE 0 END AS stayed,
    CASE WHEN prefix_to <> prefix_from THEN items ELSE 0 END AS departed,
    CASE WHEN prefix_to IS NULL THEN items ELSE 0 END AS gone,
    0 AS arrived,
    0 AS fresh
  FROM flows
  WHERE prefix_from IS NOT NULL
  UNION ALL
  SELECT
    prefix_to AS prefix,
    0 AS stayed,
    0 AS departed,
    0 AS gone,
    CASE WHEN prefix_to <> prefix_from THEN items ELSE 0 END AS arrived,
    CASE WHEN prefix_from IS NULL THEN items ELSE 0 END AS fresh
  FROM flows
  WHERE prefix_to IS NOT NULL
) AS sides
WHERE substring(concat(sides.prefix, '-'), 1, {{length}}) = {{parent}}
GROUP BY sides.prefix
