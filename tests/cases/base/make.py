"""Writes the files that every case starts with: python3 make.py (needs pyarrow)."""

import random

import pyarrow as pa
import pyarrow.parquet as pq

ITEMS, USERS, CLICKS = 20, 30, 8
random.seed(1)
with open("log.csv", "w", newline="") as log:
    log.write("user_id,item_id,event_time\n")
    for user in range(USERS):
        for click in range(CLICKS):
            log.write(f"{user},{random.randrange(ITEMS)},{1700000000 + user * 1000 + click * 60}\n")
with open("items.csv", "w", newline="") as items:
    items.write("item_id,title\n")
    for item in range(ITEMS):
        items.write(f"{item},title {item}\n")
vectors = [[round(random.random(), 3) for _ in range(8)] for _ in range(ITEMS)]
pq.write_table(
    pa.table({"item_id": pa.array(range(ITEMS), pa.int64()), "embedding": pa.array(vectors, pa.list_(pa.float32()))}),
    "emb.parquet",
)
