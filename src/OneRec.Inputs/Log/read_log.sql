-- The log's positive interactions within the time range, and the bad rows. bad = 1 if a key or a column of the predicate
-- cannot be parsed; bad_timed = 1 also if the time cannot be parsed. A row that the predicate excludes may have any keys; a
-- row whose columns in the predicate cannot be parsed is bad.
SELECT
  user_id,
  item_id,
  event_time,
  bad,
  bad_timed,
  {{details_of_bad}}
FROM (
  SELECT
    *,
    CASE WHEN bad = 1 OR (positive = 1 AND event_time IS NULL) THEN 1 ELSE 0 END AS bad_timed
  FROM (
    SELECT
      *,
      CASE WHEN invalid_values > 0 OR (positive = 1 AND ({{no_key}})) THEN 1 ELSE 0 END AS bad
    FROM (
      SELECT
        onerec_user AS user_id,
        onerec_item AS item_id,
        onerec_time AS event_time,
        onerec_invalid AS invalid_values,
        CASE WHEN {{where}} THEN 1 ELSE 0 END AS positive,
        {{details}}
      FROM (SELECT {{columns}} FROM log) AS typed
    ) AS named
  ) AS checked
) AS timed
WHERE bad = 1 OR (positive = 1 AND {{in_range}})
