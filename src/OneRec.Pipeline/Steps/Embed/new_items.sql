-- Items without an embedding of what they hold now, in id order, numbered by the slice that commits them: a slice's
-- number is the place of its first item.
SELECT item_id, content_hash{{columns}}, CAST(place - place % {{slice}} AS INT) AS slice
FROM (
  SELECT items.*, row_number() OVER (ORDER BY items.item_id ASC NULLS FIRST) - 1 AS place
  FROM items
  WHERE items.deleted_at IS NULL
    AND NOT EXISTS (
      SELECT 1
      FROM embedded
      WHERE embedded.item_id = items.item_id
        AND embedded.content_hash = items.content_hash
        AND embedded.model_id = {{model_id}}
    )
) AS placed
