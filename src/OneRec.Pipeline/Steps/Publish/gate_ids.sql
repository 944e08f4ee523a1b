-- IDs of a codebook and of the published one, items that have both, and those of them whose codes differ.
SELECT
  count(fresh.item_id) AS ids,
  count(held.item_id) AS published_ids,
  CAST(coalesce(sum(CASE WHEN fresh.item_id IS NOT NULL AND held.item_id IS NOT NULL THEN 1 ELSE 0 END), 0) AS BIGINT) AS both_ids,
  CAST(coalesce(sum(CASE WHEN fresh.sid <> held.sid THEN 1 ELSE 0 END), 0) AS BIGINT) AS moved
FROM (SELECT item_id, sid FROM semantic_ids WHERE codebook_id = {{codebook_id}} AND deleted_at IS NULL) AS fresh
FULL OUTER JOIN (SELECT item_id, sid FROM semantic_ids WHERE codebook_id = {{published_id}} AND deleted_at IS NULL) AS held
  ON fresh.item_id = held.item_id
