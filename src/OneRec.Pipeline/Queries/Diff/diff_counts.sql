-- How many items changed in which way.
SELECT
  changes.change,
  count(*) AS items,
  CAST(sum(changes.other_embedding) AS BIGINT) AS other_embedding,
  CAST(sum(CASE WHEN items.deleted_at IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS deleted
FROM changes
LEFT JOIN items ON items.item_id = changes.item_id
GROUP BY changes.change
