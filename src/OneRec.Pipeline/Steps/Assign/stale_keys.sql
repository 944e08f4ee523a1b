-- Keys of the rows that are replaced: all rows of the stale items under the codebook.
SELECT DISTINCT {{codebook_id}} AS codebook_id, item_id
FROM stale
