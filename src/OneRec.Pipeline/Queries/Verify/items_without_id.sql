-- Embedded items, those without an ID, and the first of them.
SELECT
  count(*) AS checked,
  CAST(coalesce(sum(CASE WHEN having_id.item_id IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT) AS bad,
  min(CASE WHEN having_id.item_id IS NULL THEN embedded.item_id END) AS first_bad
FROM embedded
LEFT JOIN (SELECT DISTINCT item_id FROM ids) AS having_id ON embedded.item_id = having_id.item_id
