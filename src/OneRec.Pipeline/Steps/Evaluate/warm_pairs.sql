-- Pairs of which neither item is kept cold: its hash is not below the threshold.
SELECT *
FROM pairs
WHERE substring(
    md5(concat_ws(
      '|',
      CAST({{seed}} AS STRING),
      'cold',
      CAST(length(CAST(item_id AS STRING)) AS STRING),
      CAST(item_id AS STRING)
    )),
    1,
    8
  ) >= {{below}}
  AND substring(
    md5(concat_ws(
      '|',
      CAST({{seed}} AS STRING),
      'cold',
      CAST(length(CAST(pair_item_id AS STRING)) AS STRING),
      CAST(pair_item_id AS STRING)
    )),
    1,
    8
  ) >= {{below}}
