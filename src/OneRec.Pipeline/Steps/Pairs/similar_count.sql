SELECT count(*) AS pairs FROM similarity
