-- The bad rows: what is wrong with each, its text and its place.
SELECT coalesce({{problem}}, {{otherwise}}) AS problem, onerec_text, onerec_file, onerec_block, onerec_row
FROM source
WHERE {{flag}} = 1
LIMIT {{limit}}
