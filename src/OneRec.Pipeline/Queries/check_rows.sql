SELECT count(*) AS n
FROM source
