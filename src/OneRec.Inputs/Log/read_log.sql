-- The log's positive interactions within the time range, and each row of them that cannot be read (bad = 1) with the
-- text that its columns have. A row that the predicate leaves out may have any keys; one whose columns in the predicate
-- do not parse is bad.
SELECT
  user_id,
  item_id,
  event_time,
  bad,
  {{raws_of_bad}}
FROM (
  SELECT
    user_id,
    item_id,
    event_time,
    positive,
    CASE
      WHEN misfits > 0 THEN 1
      WHEN positive = 1 AND (user_id IS NULL OR item_id IS NULL OR event_time IS NULL) THEN 1
      ELSE 0
    END AS bad,
    {{raws}}
  FROM (
    SELECT
      onerec_user AS user_id,
      onerec_item AS item_id,
      onerec_time AS event_time,
      onerec_misfits AS misfits,
      CASE WHEN {{where}} THEN 1 ELSE 0 END AS positive,
      {{raws}}
    FROM (SELECT {{columns}} FROM log) AS typed
  ) AS judged
) AS named
WHERE bad = 1 OR (positive = 1 AND event_time >= {{from}} AND event_time < {{to}})
