-- IDs, (codes, slot) with more than one item, and the first of them.
SELECT
  CAST(coalesce(sum(found), 0) AS BIGINT) AS checked,
  CAST(coalesce(sum(CASE WHEN found > 1 THEN 1 ELSE 0 END), 0) AS BIGINT) AS bad,
  min(CASE WHEN found > 1 THEN concat(sid, ' slot ', CAST(slot AS STRING)) END) AS first_bad
FROM (SELECT sid, slot, count(*) AS found FROM ids GROUP BY sid, slot) AS by_id
