-- Number of IDs by number of items per ID.
SELECT size, count(*) AS sids
FROM (
  SELECT sid, count(*) AS size
  FROM ids
  GROUP BY sid
) AS buckets
GROUP BY size
ORDER BY size ASC NULLS FIRST
