-- Some bad rows, as the file writes their keys.
SELECT raw_user, raw_item, raw_time
FROM log
WHERE bad = 1
ORDER BY raw_user ASC NULLS FIRST, raw_item ASC NULLS FIRST, raw_time ASC NULLS FIRST
LIMIT 1000
