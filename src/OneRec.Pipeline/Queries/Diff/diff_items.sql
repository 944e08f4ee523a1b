-- The items whose ID changed.
SELECT
  changes.item_id, changes.change, changes.from_sid, changes.from_slot, changes.to_sid, changes.to_slot, changes.same_codes, items.title
FROM changes
LEFT JOIN items ON items.item_id = changes.item_id
WHERE changes.change <> 'kept'
ORDER BY changes.item_id ASC NULLS FIRST
