"""What Spark with Delta Lake reads of the job's tables, as the lines of TableText, and an append of its own."""
import struct

OF_THE_RUN = {"run_id", "updated_at", "deleted_at", "assigned_at", "published_at", "finished_at", "seconds"}


def text(value, kind):
    if value is None:
        return "null"
    if kind == "float":
        return struct.pack(">f", value).hex()
    if kind == "double":
        return struct.pack(">d", value).hex()
    if kind in ("int", "bigint"):
        return str(value)
    if kind == "string":
        return "'" + value + "'"
    if kind.startswith("array<"):
        return "[" + ",".join(text(v, kind[6:-1]) for v in value) + "]"
    raise ValueError(kind)


def rows(spark, folder):
    frame = spark.read.format("delta").load(folder)
    kinds = [(name, kind) for name, kind in frame.dtypes if name not in OF_THE_RUN]
    return ["\t".join(text(row[name], kind) for name, kind in kinds) for row in frame.collect()]


def current_ids(spark, register, tables):
    script = "\n".join(line for line in open(register) if not line.startswith("--")).replace("${tables}", tables)
    for statement in script.split(";"):
        if statement.strip():
            try:
                spark.sql(statement)
            except Exception as failure:
                # A table that the job does not write; the script says how to continue after it.
                if "DELTA_CREATE_EXTERNAL_TABLE_WITHOUT_SCHEMA" not in str(failure):
                    raise
    found = spark.sql("SELECT item_id, sid, slot FROM current_ids ORDER BY item_id").collect()
    return [list(row) for row in found]


def append_copy(spark, folder, codebook):
    from pyspark.sql.functions import lit

    frame = spark.read.format("delta").load(folder)
    frame.withColumn("codebook_id", lit(codebook)).write.format("delta").mode("append").save(folder)
    return frame.count()
