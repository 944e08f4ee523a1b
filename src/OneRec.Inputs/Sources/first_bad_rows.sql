-- The first bad row in each part of a file.
SELECT onerec_file, onerec_block, min(onerec_row) AS first_row
FROM source
WHERE {{flag}} = 1
GROUP BY onerec_file, onerec_block
