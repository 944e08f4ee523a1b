-- The clicks of one part: users whose hash is below the threshold (held out), or the others.
SELECT user_id, item_id{{time}}
FROM clicks
WHERE {{held_out}} = CASE
  WHEN substring(
    md5(concat_ws(
      '|',
      CAST({{seed}} AS STRING),
      {{purpose}},
      CAST(length(CAST(user_id AS STRING)) AS STRING),
      CAST(user_id AS STRING)
    )),
    1,
    8
  ) < {{below}} THEN 1
  ELSE 0
END
