-- The image paths of the given items.
SELECT typed.item_id, typed.position, coalesce(typed.path, '') AS path
FROM (SELECT {{columns}} FROM images) AS typed
WHERE typed.position IS NOT NULL
  AND EXISTS (SELECT 1 FROM items WHERE items.item_id = typed.item_id)
