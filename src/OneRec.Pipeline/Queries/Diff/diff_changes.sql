-- Each item with its IDs before and after. Only items below a parent on either side.
SELECT
  coalesce(earlier.item_id, later.item_id) AS item_id,
  CASE
    WHEN earlier.item_id IS NULL THEN 'new'
    WHEN later.item_id IS NULL THEN 'gone'
    WHEN earlier.sid <> later.sid THEN 'moved'
    WHEN earlier.slot <> later.slot THEN 'slot'
    ELSE 'kept'
  END AS change,
  earlier.sid AS from_sid,
  earlier.slot AS from_slot,
  later.sid AS to_sid,
  later.slot AS to_slot,
  CASE WHEN earlier.item_id IS NOT NULL AND later.item_id IS NOT NULL THEN {{same_codes}} END AS same_codes,
  CASE WHEN earlier.embedding_hash <> later.embedding_hash THEN 1 ELSE 0 END AS other_embedding
FROM earlier
FULL OUTER JOIN later ON earlier.item_id = later.item_id
WHERE substring(concat(coalesce(earlier.sid, ''), '-'), 1, {{length}}) = {{parent}}
  OR substring(concat(coalesce(later.sid, ''), '-'), 1, {{length}}) = {{parent}}
