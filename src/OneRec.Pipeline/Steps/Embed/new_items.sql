-- Items whose current content has no embedding, with the slice that commits each item. Items are ordered by the
-- position of their vectors in the source, else of their images, then by id, so that each slice reads contiguous data.
-- A slice's number is the position of its first item.
SELECT
  items.item_id,
  items.content_hash{{columns}},
  placed.vector_place,
  placed.vector_rows,
  CAST(placed.place - placed.place % {{slice}} AS INT) AS slice
FROM items
JOIN (
  SELECT
    items.item_id,
    sources.vector_place,
    sources.vector_rows,
    row_number() OVER (
      ORDER BY sources.vector_place ASC NULLS LAST, images.first_place ASC NULLS LAST, items.item_id ASC NULLS FIRST
    ) - 1 AS place
  FROM items
  LEFT JOIN (
    SELECT item_id, max(vector_place) AS vector_place, count(*) AS vector_rows
    FROM places
    GROUP BY item_id
  ) AS sources ON sources.item_id = items.item_id
  LEFT JOIN (
    SELECT item_id, min(vector_place) AS first_place
    FROM image_places
    GROUP BY item_id
  ) AS images ON images.item_id = items.item_id
  WHERE items.deleted_at IS NULL
    AND NOT EXISTS (
      SELECT 1
      FROM embedded
      WHERE embedded.item_id = items.item_id
        AND embedded.content_hash = items.content_hash
        AND embedded.model_id = {{model_id}}
    )
) AS placed ON placed.item_id = items.item_id
