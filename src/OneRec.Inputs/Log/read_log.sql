-- The log's positive interactions within the time range, and each row of them that cannot be read: bad = 1 where its keys or
-- the columns of the predicate do not parse, bad_timed = 1 where its time does not either. A row that the predicate leaves
-- out may have any keys; one whose columns in the predicate do not parse is bad.
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
      CASE WHEN misfits > 0 OR (positive = 1 AND ({{no_key}})) THEN 1 ELSE 0 END AS bad
    FROM (
      SELECT
        onerec_user AS user_id,
        onerec_item AS item_id,
        onerec_time AS event_time,
        onerec_misfits AS misfits,
        CASE WHEN {{where}} THEN 1 ELSE 0 END AS positive,
        {{details}}
      FROM (SELECT {{columns}} FROM log) AS typed
    ) AS named
  ) AS judged
) AS timed
WHERE bad = 1 OR (positive = 1 AND {{in_range}})
