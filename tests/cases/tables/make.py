"""Writes the vectors of the cases in this folder: python3 make.py (needs pyarrow)."""

import pyarrow as pa
import pyarrow.parquet as pq

# The vectors of base and one more.
base = pq.read_table("../base/emb.parquet").to_pylist()
rows = [*base, {"item_id": 20, "embedding": [0.5] * 8}]
schema = pa.schema([("item_id", pa.int64()), ("embedding", pa.list_(pa.float32()))])
pq.write_table(pa.Table.from_pylist(rows, schema), "last-commit-cut-at-a-line/more.parquet")
