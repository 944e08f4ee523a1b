"""What PySpark with Delta Lake does to tables, for DeltaLakeTests.cs (run by serve.py of OneRec.Testing)."""


def read(spark, path, version=None):
    """All rows of a table, or of one of its versions."""
    reader = spark.read.format("delta")
    if version is not None:
        reader = reader.option("versionAsOf", version)
    return reader.load(path).collect()


def where(spark, path, predicate):
    """Rows that satisfy a predicate, which Delta Lake uses to skip files."""
    return spark.read.format("delta").load(path).where(predicate).collect()


def schema(spark, path):
    return spark.read.format("delta").load(path).schema.jsonValue()


def history(spark, path):
    rows = spark.sql(f"DESCRIBE HISTORY delta.`{path}`").collect()
    return [[r["version"], r["operation"], r["userMetadata"], r["operationParameters"]] for r in rows]


def detail(spark, path):
    row = spark.sql(f"DESCRIBE DETAIL delta.`{path}`").collect()[0]
    return [row["numFiles"], row["sizeInBytes"], row["partitionColumns"], row["minReaderVersion"], row["minWriterVersion"]]


def sql(spark, statements):
    """Statements one by one, and the rows of the last."""
    for statement in statements:
        rows = spark.sql(statement).collect()
    return rows


def configured(spark, confs, statements):
    """Statements under settings that are taken back."""
    before = {k: spark.conf.get(k, None) for k in confs}
    try:
        for k, v in confs.items():
            spark.conf.set(k, v)
        return sql(spark, statements)
    finally:
        for k, v in before.items():
            spark.conf.unset(k) if v is None else spark.conf.set(k, v)


def counts(spark, path, predicates):
    """How many rows satisfy each predicate, which Delta Lake uses to skip files."""
    table = spark.read.format("delta").load(path)
    return [len(table.where(p).select("id").collect()) for p in predicates]


def rewrite(spark, path, to):
    """The rows of a table as one file of a new one, written by Delta Lake."""
    spark.read.format("delta").load(path).coalesce(1).write.format("delta").save(to)
