-- What tells that an item's images changed: the positions with their paths or hashes, in order.
SELECT item_id, position, concat(CAST(position AS STRING), ':', coalesce(version, '')) AS version
FROM images
WHERE bad = 0
