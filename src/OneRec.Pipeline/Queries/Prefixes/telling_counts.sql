-- How many items of each prefix, and of all, have each word; and the sums over all words. The sums are windows, not joins: an engine
-- would be free to join the words of a kind with the prefixes of it first, which are all pairs of them.
SELECT
  counted.prefix,
  counted.kind,
  counted.word,
  counted.found,
  totals.found AS found_all,
  counted.size,
  totals.size_all
FROM (
  SELECT prefix, kind, word, found, CAST(sum(found) OVER (PARTITION BY prefix, kind) AS BIGINT) AS size
  FROM (
    SELECT members.prefix, words.kind, words.word, count(*) AS found
    FROM words
    JOIN members ON members.item_id = words.item_id
    GROUP BY members.prefix, words.kind, words.word
  ) AS words_of_prefixes
) AS counted
JOIN (
  SELECT kind, word, found, CAST(sum(found) OVER (PARTITION BY kind) AS BIGINT) AS size_all
  FROM (
    SELECT kind, word, count(*) AS found
    FROM words
    GROUP BY kind, word
  ) AS words_of_all
) AS totals ON totals.kind = counted.kind AND totals.word = counted.word
