SELECT CAST({{item}} AS STRING) AS item_id, {{id}} AS id
FROM ids
