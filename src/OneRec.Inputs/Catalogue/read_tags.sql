-- Distinct tags of each item in order: the most frequent first, then by text.
SELECT
  item_id,
  tag,
  row_number() OVER (PARTITION BY item_id ORDER BY times DESC NULLS LAST, tag ASC NULLS FIRST) AS place
FROM (
  SELECT item_id, tag, count(*) AS times
  FROM tags
  WHERE tag IS NOT NULL AND bad = 0
  GROUP BY item_id, tag
) AS counted
