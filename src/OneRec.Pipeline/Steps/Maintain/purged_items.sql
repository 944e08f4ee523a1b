-- Items that were deleted before a time and still have content.
SELECT item_id, deleted_at
FROM items
WHERE deleted_at <= {{before}} AND content_hash <> ''
