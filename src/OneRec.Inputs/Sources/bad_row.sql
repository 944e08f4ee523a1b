-- What is wrong with a row, and its text.
SELECT coalesce({{problem}}, {{otherwise}}) AS problem, onerec_text
FROM source
WHERE {{flag}} = 1 AND onerec_file = {{file}} AND onerec_block = {{block}} AND onerec_row = {{row}}
