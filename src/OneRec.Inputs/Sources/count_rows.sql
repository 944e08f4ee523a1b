-- Number of rows in a source.
SELECT count(*) AS source_rows FROM source
