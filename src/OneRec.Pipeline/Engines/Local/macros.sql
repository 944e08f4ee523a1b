-- Spark SQL's names where DuckDB has another or none, one statement a function (a semicolon ends each, comments have none).
CREATE MACRO regexp_like(text, pattern) AS regexp_matches(text, pattern);

-- Microseconds since 1970 of a TIMESTAMP, which is UTC here as in a Spark session of ours.
CREATE MACRO unix_micros(instant) AS epoch_us(instant)
