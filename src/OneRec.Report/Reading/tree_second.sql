-- The largest prefixes of two codes below some of one, and how many each of those has.
SELECT ranked.first, ranked.prefix, ranked.items, ranked.children
FROM (
  SELECT
    counted.first, counted.prefix, counted.items,
    row_number() OVER (PARTITION BY counted.first ORDER BY counted.items DESC NULLS LAST, counted.prefix ASC NULLS FIRST) AS turn,
    count(*) OVER (PARTITION BY counted.first) AS children
  FROM (
    SELECT coded.first, coded.prefix, count(*) AS items
    FROM (
      SELECT split_part(sid, '-', 1) AS first, concat_ws('-', split_part(sid, '-', 1), split_part(sid, '-', 2)) AS prefix
      FROM ids
    ) AS coded
    JOIN shown ON shown.prefix = coded.first
    GROUP BY coded.first, coded.prefix
  ) AS counted
) AS ranked
WHERE ranked.turn <= {{most}}
ORDER BY ranked.first ASC NULLS FIRST, ranked.turn ASC NULLS FIRST
