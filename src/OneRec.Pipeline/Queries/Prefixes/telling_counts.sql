-- How many items of each prefix, and of all, have each word; and the sums over all words.
SELECT
  counted.prefix,
  counted.kind,
  counted.word,
  counted.found,
  totals.found AS found_all,
  sizes.found AS size,
  kinds.found AS size_all
FROM (
  SELECT members.prefix, words.kind, words.word, count(*) AS found
  FROM words
  JOIN members ON members.item_id = words.item_id
  GROUP BY members.prefix, words.kind, words.word
) AS counted
JOIN (
  SELECT kind, word, count(*) AS found
  FROM words
  GROUP BY kind, word
) AS totals ON totals.kind = counted.kind AND totals.word = counted.word
JOIN (
  SELECT members.prefix, words.kind, count(*) AS found
  FROM words
  JOIN members ON members.item_id = words.item_id
  GROUP BY members.prefix, words.kind
) AS sizes ON sizes.prefix = counted.prefix AND sizes.kind = counted.kind
JOIN (
  SELECT kind, count(*) AS found
  FROM words
  GROUP BY kind
) AS kinds ON kinds.kind = counted.kind
