-- Spark SQL's names where DuckDB has another or none, one statement a function (a semicolon ends each, comments have none).
CREATE MACRO regexp_like(text, pattern) AS regexp_matches(text, pattern);

-- The instant that a text means, UTC where it has no offset, null where it is none.
CREATE MACRO try_to_timestamp(text) AS try_cast(text AS TIMESTAMPTZ);

-- Microseconds since 1970 of an instant, or of a TIMESTAMP, which is UTC here as in a Spark session of ours.
CREATE MACRO unix_micros(instant) AS epoch_us(instant);

-- The texts of a list in its order, nulls left out.
CREATE MACRO array_join(list, separator) AS array_to_string(list, separator);

-- The SHA-256 of bytes, 64 hex characters in lower case; bits is 256.
CREATE MACRO sha2(bytes, bits) AS sha256(bytes)
