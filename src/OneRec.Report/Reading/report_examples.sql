-- The most clicked item of each first code, then the second most clicked item of each, and so on.
SELECT picked.item_id, items.title, picked.sid, picked.slot, picked.first_code
FROM (
  SELECT item_id, sid, slot, first_code, neighbours, clicks, turn
  FROM (
    SELECT
      item_id, sid, slot, first_code, neighbours, clicks,
      row_number() OVER (
        PARTITION BY first_code
        ORDER BY clicks DESC NULLS LAST, neighbours DESC NULLS LAST, item_id ASC NULLS FIRST) AS turn
    FROM ids
  ) AS turns
  WHERE turn <= {{items}}
  ORDER BY turn ASC NULLS FIRST, clicks DESC NULLS LAST, neighbours DESC NULLS LAST, item_id ASC NULLS FIRST
  LIMIT {{items}}
) AS picked
LEFT JOIN items ON items.item_id = picked.item_id
ORDER BY picked.turn ASC NULLS FIRST, picked.clicks DESC NULLS LAST, picked.neighbours DESC NULLS LAST, picked.item_id ASC NULLS FIRST
