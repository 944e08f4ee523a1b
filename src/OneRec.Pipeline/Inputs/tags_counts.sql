-- Rows of the tags whose item id is missing or does not parse.
SELECT CAST(coalesce(sum(CASE WHEN item_id IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT) AS bad_rows
FROM (SELECT {{columns}} FROM tags) AS typed
