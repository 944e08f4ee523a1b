-- Pairs of which neither item is kept cold: its hash is not below the threshold.
SELECT *
FROM pairs
WHERE substring({{item_hash}}, 1, 8) >= {{below}} AND substring({{pair_item_hash}}, 1, 8) >= {{below}}
