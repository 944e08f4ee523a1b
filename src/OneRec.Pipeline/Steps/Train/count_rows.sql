SELECT count(*) AS training_rows
FROM embedded
