-- All rows with the same part number, so that they are processed in one partition.
SELECT CAST(0 AS INT) AS part, whole.*
FROM whole
