"""Keeps one Spark session with Delta Lake and calls functions on it: one JSON object a line in, one out.

    python3 serve.py CASES.py      with SPARK_HOME and PYTHONPATH of that Spark (PySparkSession sets them)

In:  {"call": name of a function of CASES.py, "with": {its keyword arguments}}; it is called with the session first.
Out: {"ok": result as JSON} or {"error": stack trace}. Spark's own words go to standard error.
"""
import datetime
import decimal
import importlib.util
import json
import math
import os
import sys
import traceback

from pyspark.sql import Row, SparkSession


def plain(value):
    """A value of a row as JSON can hold it: times and bytes as text, structs as objects."""
    if isinstance(value, Row):
        return {k: plain(v) for k, v in value.asDict(recursive=False).items()}
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    if isinstance(value, decimal.Decimal):
        return str(value)
    return value


def main():
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever Spark prints must not get between the replies
    spec = importlib.util.spec_from_file_location("cases", sys.argv[1])
    cases = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(cases)
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
        .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.ansi.enabled", "true")
        .config("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.default.parallelism", "1")
        .config("spark.sql.warehouse.dir", os.path.join(os.environ["ONEREC_SCRATCH"], "warehouse"))
        .config("spark.local.dir", os.environ["ONEREC_SCRATCH"])
        .config("spark.driver.memory", "1g")
        .config("spark.databricks.delta.snapshotPartitions", "1")
        # Small work, one start: compiling longer than it runs does not pay.
        .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    for line in sys.stdin:
        request = json.loads(line)
        try:
            result = getattr(cases, request["call"])(spark, **request["with"])
            reply = {"ok": plain(result)}
        except Exception:  # noqa: BLE001 - the other side throws it
            reply = {"error": traceback.format_exc(limit=4)[:3000]}  # the JVM's part is long
        replies.write(json.dumps(reply) + "\n")
        replies.flush()
    spark.stop()


main()
