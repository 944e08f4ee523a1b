-- The most crowded IDs with a few of their items, the most clicked first.
SELECT held.sid, held.items, held.turn, held.item_id, items.title
FROM (
  SELECT
    crowded.sid, crowded.items, ids.item_id,
    row_number() OVER (
      PARTITION BY crowded.sid
      ORDER BY ids.clicks DESC NULLS LAST, ids.slot ASC NULLS FIRST) AS turn
  FROM (
    SELECT sid, count(*) AS items
    FROM ids
    GROUP BY sid
    HAVING count(*) > 1
    ORDER BY items DESC NULLS LAST, sid ASC NULLS FIRST
    LIMIT {{sids}}
  ) AS crowded
  JOIN ids ON ids.sid = crowded.sid
) AS held
LEFT JOIN items ON items.item_id = held.item_id
WHERE held.turn <= {{titles}}
ORDER BY held.items DESC NULLS LAST, held.sid ASC NULLS FIRST, held.turn ASC NULLS FIRST
