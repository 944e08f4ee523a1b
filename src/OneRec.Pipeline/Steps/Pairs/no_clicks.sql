-- No click: a log without times has no histories.
SELECT * FROM clicks WHERE 1 = 0
