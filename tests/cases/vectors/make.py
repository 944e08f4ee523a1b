"""Writes the vectors of the cases in this folder: python3 make.py (needs pyarrow)."""

import random

import pyarrow as pa
import pyarrow.parquet as pq

ITEMS, LENGTH = 20, 8
random.seed(2)
IDS = list(range(ITEMS))


def vectors():
    return [[round(random.random(), 3) for _ in range(LENGTH)] for _ in IDS]


def write(path, ids, values):
    pq.write_table(pa.table({"item_id": ids, "embedding": pa.array(values, pa.list_(pa.float32()))}), path)


write("replaced/other.parquet", pa.array(IDS, pa.int64()), vectors())
nan = vectors()
nan[7][3] = float("nan")
write("nan/nan.parquet", pa.array(IDS, pa.int64()), nan)
lengths = vectors()
lengths[7].append(0.5)
write("lengths-differ/lengths.parquet", pa.array(IDS, pa.int64()), lengths)
write("text-ids/text-ids.parquet", pa.array([f"i{i}" for i in IDS]), vectors())
write("same-id-twice/twice.parquet", pa.array([0, *IDS[:-1]], pa.int64()), vectors())

write("null-id/null.parquet", pa.array([*IDS[:7], None, *IDS[7:]], pa.int64()), [*vectors(), [0.5] * LENGTH])
write("all-in-quarantine/all.parquet", pa.array(IDS, pa.int64()), [[float("nan")] * LENGTH] * ITEMS)

# One page of 300 MiB in a file of some kilobytes.
big = pa.array([b"\0" * (100 << 20)] * 3, pa.binary())
table = pa.table({"item_id": pa.array([0, 1, 2], pa.int64()), "tokens": big, "n_tokens": pa.array([1, 1, 1]), "dim": pa.array([4, 4, 4])})
pq.write_table(table, "page-bomb/bomb.parquet", compression="zstd", use_dictionary=False, data_page_size=1 << 30, write_statistics=False)
