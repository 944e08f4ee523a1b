-- IDs by the number of items that hold them.
SELECT size, count(*) AS sids
FROM (
  SELECT sid, count(*) AS size
  FROM ids
  GROUP BY sid
) AS buckets
GROUP BY size
ORDER BY size ASC NULLS FIRST
