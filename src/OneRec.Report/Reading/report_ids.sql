-- All items with an ID, with the columns that they are ordered by.
SELECT
  ids.item_id,
  ids.sid,
  ids.slot,
  ids.first_code,
  coalesce(popularity.neighbours, CAST(0 AS BIGINT)) AS neighbours,
  coalesce(popularity.clicks, CAST(0 AS BIGINT)) AS clicks
FROM current_ids AS ids
LEFT JOIN popularity ON popularity.item_id = ids.item_id
