-- The items that are not deleted.
SELECT *
FROM items
WHERE deleted_at IS NULL
