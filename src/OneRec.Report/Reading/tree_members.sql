-- The shown prefixes of each item: of one code and of two.
SELECT coded.item_id, shown.prefix
FROM (
  SELECT item_id, split_part(sid, '-', 1) AS prefix
  FROM ids
  UNION ALL
  SELECT item_id, concat_ws('-', split_part(sid, '-', 1), split_part(sid, '-', 2)) AS prefix
  FROM ids
) AS coded
JOIN shown ON shown.prefix = coded.prefix
