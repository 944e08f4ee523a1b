-- Spark SQL functions that DuckDB lacks or names differently. One statement per function, no semicolons in comments.
CREATE MACRO regexp_like(text, pattern) AS regexp_matches(text, pattern);

-- The timestamp in a text, UTC if it has no offset, null if it is not a timestamp.
CREATE MACRO try_to_timestamp(text) AS try_cast(text AS TIMESTAMPTZ);

-- Microseconds since 1970 of a TIMESTAMPTZ, or of a TIMESTAMP, which is UTC as in the Spark sessions.
CREATE MACRO unix_micros(instant) AS epoch_us(instant);

-- The texts of a list joined in order, without nulls.
CREATE MACRO array_join(list, separator) AS array_to_string(list, separator);

-- The SHA-256 of bytes as 64 lower-case hex characters. The argument bits must be 256.
CREATE MACRO sha2(bytes, bits) AS sha256(bytes);

-- The number in a text of digits in another base, as text. Of the bases only 16 and 10 are there.
CREATE MACRO conv(digits, from_base, to_base) AS CAST(CAST('0x' || digits AS BIGINT) AS VARCHAR)
