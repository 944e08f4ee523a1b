-- The bad rows: the reason, the text, whether the whole record is malformed (1), and the location of each.
SELECT
  coalesce({{problem}}, {{default_reason}}) AS problem,
  onerec_text,
  CAST(CASE WHEN {{malformed}} IS NULL THEN 0 ELSE 1 END AS BIGINT) AS malformed,
  onerec_file,
  onerec_block,
  onerec_row
FROM source
WHERE {{flag}} = 1
LIMIT {{limit}}
