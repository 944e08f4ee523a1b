-- One bad row: the reason, the text, and whether the whole record is malformed (1).
SELECT
  coalesce({{problem}}, {{default_reason}}) AS problem,
  onerec_text,
  CAST(CASE WHEN {{malformed}} IS NULL THEN 0 ELSE 1 END AS BIGINT) AS malformed
FROM source
WHERE {{flag}} = 1 AND onerec_file = {{file}} AND onerec_block = {{block}} AND onerec_row = {{row}}
