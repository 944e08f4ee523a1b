-- How many items moved to another code, and how many found no code with room. encoded: their nearest codes.
SELECT
  CAST(coalesce(sum(CASE WHEN spread.sid <> encoded.sid THEN 1 ELSE 0 END), 0) AS BIGINT) AS moved,
  CAST(coalesce(sum(CASE WHEN spread.placed THEN 0 ELSE 1 END), 0) AS BIGINT) AS without_room,
  min(CASE WHEN spread.placed THEN NULL ELSE spread.sid END) AS an_id
FROM spread
JOIN encoded ON spread.item_id = encoded.item_id
