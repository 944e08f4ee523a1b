-- Rows of a source.
SELECT count(*) AS source_rows FROM source
