-- Items that are not deleted.
SELECT count(*) AS live
FROM items
WHERE deleted_at IS NULL
