-- Input of the kernel that moves items of overfull IDs: prefixes with an ID above the capacity, the codes already used
-- there (kind 0) and the items to place (kind 1). A prefix has a hyphen before each code; with one level it is empty.
WITH fresh AS (
  SELECT sid, count(*) AS items
  FROM encoded
  GROUP BY sid
),
held AS (
  SELECT sid, count(*) AS items
  FROM semantic_ids
  WHERE codebook_id = {{codebook_id}} AND deleted_at IS NULL
  GROUP BY sid
),
overfull AS (
  SELECT DISTINCT regexp_replace(concat('-', fresh.sid), '-[0-9]+$', '') AS prefix
  FROM fresh
  LEFT JOIN held ON fresh.sid = held.sid
  WHERE fresh.items + coalesce(held.items, 0) > {{capacity}}
),
held_codes AS (
  SELECT regexp_replace(concat('-', sid), '-[0-9]+$', '') AS prefix, sid, codes, count(*) AS held
  FROM semantic_ids
  WHERE codebook_id = {{codebook_id}} AND deleted_at IS NULL
  GROUP BY sid, codes
),
none AS (
  SELECT item_id, embedding
  FROM embedded
  WHERE 1 = 0
),
numbered AS (
  SELECT encoded.item_id, encoded.codes, regexp_replace(concat('-', encoded.sid), '-[0-9]+$', '') AS prefix
  FROM encoded
)
SELECT overfull.prefix, 0 AS kind, held_codes.held, none.item_id, none.embedding, held_codes.codes
FROM held_codes
JOIN overfull ON held_codes.prefix = overfull.prefix
LEFT JOIN none ON 1 = 0
UNION ALL
SELECT overfull.prefix, 1 AS kind, CAST(NULL AS BIGINT) AS held, numbered.item_id, embedded.embedding, numbered.codes
FROM numbered
JOIN overfull ON numbered.prefix = overfull.prefix
JOIN embedded ON numbered.item_id = embedded.item_id
