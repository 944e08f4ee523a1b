-- The version of each image: its position with its path or hash.
SELECT item_id, position, concat(CAST(position AS STRING), ':', coalesce(version, '')) AS version
FROM images
WHERE bad = 0
