using System.Text.Json;
using Apache.Arrow;
using OneRec.Core;
using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Relations;
using OneRec.Engine.Spark.Session;
using OneRec.Kernels.Batches;

namespace OneRec.Engine.Spark.Tables;

/// <summary>Writes data frames into tables, each in one commit, with Delta's <c>OptimisticTransaction</c>.</summary>
/// <remarks>
/// The writer of a data frame is not used: it makes every list element of a new table nullable, creates and fills a table in
/// two commits, and accepts two concurrent appends that both depend on the existing rows.
/// </remarks>
/// <param name="session">The session.</param>
/// <param name="tables">The tables.</param>
internal sealed class DeltaWriter(SparkSession session, DeltaTables tables)
{
    private const int Attempts = 5;

    // No column of ours has this name.
    private const string FileColumn = "onerec_file_of_row";
    private const string Delta = "org.apache.spark.sql.delta.";

    private static readonly HashSet<string> Conflicts = new(StringComparer.Ordinal)
    {
        "ConcurrentAppendException", "ConcurrentDeleteDeleteException", "ConcurrentDeleteReadException",
        "ConcurrentTransactionException", "ConcurrentWriteException", "MetadataChangedException", "ProtocolChangedException",
    };

    /// <summary>Writes rows.</summary>
    /// <returns>Committed; or a conflict, if the write named the version it read and there is a newer one.</returns>
    /// <exception cref="OneRecException">The rows or the table do not match the definition.</exception>
    public WriteResult Write(SparkRelation rows, TableWrite write)
    {
        RequireColumns(rows.Schema, write.Table);
        JvmObject frame = rows.Frame.Get(
            "select",
            session.Columns(write.Table.Schema.FieldsList.Select(f => session.Column(f.Name))));
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return TryWrite(frame, write);
            }
            catch (JvmException e) when (e.Chain.Any(c => Conflicts.Contains(c.Type[(c.Type.LastIndexOf('.') + 1)..])))
            {
                // A write that does not depend on existing rows can simply be retried.
                if (write.ReadVersion is not null || attempt == Attempts)
                {
                    return new WriteResult.Conflict(tables.Newest(write.Table.Name));
                }
            }
        }
    }

    private WriteResult TryWrite(JvmObject frame, TableWrite write)
    {
        using JvmObject log = tables.Log(write.Table.Name);
        using JvmObject transaction = log.Get("startTransaction");
        long read = (long)transaction.Call("readVersion")!;
        if (write.Once is { } once && (long)transaction.Call("txnVersion", once)! >= 1)
        {
            return new WriteResult.AlreadyDone(read);
        }

        if (write.ReadVersion is { } expected)
        {
            if (read != expected)
            {
                return new WriteResult.Conflict(read);
            }

            transaction.Call("readWholeTable");
        }

        if (read < 0)
        {
            Create(transaction, write.Table);
        }
        else
        {
            using JvmObject metadata = transaction.Get("metadata");
            RequireTable(write.Table, DeltaTables.Schema(write.Table.Name, metadata));
        }

        List<object?> actions = [];
        if (write.Once is { } id)
        {
            using JvmObject now = session.Jvm.Option(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
            actions.Add(session.Jvm.New($"{Delta}actions.SetTransaction", id, 1L, now));
        }

        (long written, long bytes) = AddFiles(transaction, frame, actions);
        switch (write.Mode)
        {
            case WriteMode.Overwrite:
                using (JvmObject files = transaction.Get("filterFiles"))
                {
                    actions.AddRange(Removed(files));
                }

                break;
            case WriteMode.Replace replace when read >= 0:
                bytes += Replace(log, transaction, write.Table, replace, actions);
                break;
            case WriteMode.Rewrite rewrite when read >= 0:
                bytes += Rewrite(log, transaction, SparkRelation.Of(rewrite.Removed), actions);
                break;
        }

        using JvmObject all = session.Jvm.Seq(actions);
        using JvmObject operation = Operation(write);
        return new WriteResult.Committed((long)transaction.Call("commit", all, operation)!, written) { Bytes = bytes };
    }

    // With partition columns whole files are removed; with others, the remaining rows of an affected file are rewritten. Returns the
    // bytes of the files that were written again.
    private long Replace(
        JvmObject log,
        JvmObject transaction,
        TableDefinition table,
        WriteMode.Replace replace,
        List<object?> actions)
    {
        SparkDialect dialect = SparkDialect.Instance;
        string condition = string.Join(
            " AND ",
            replace.Equal.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"{dialect.Name(e.Key)} = {dialect.Text(e.Value)}"));
        if (replace.Equal.Keys.All(k => table.PartitionColumns.Contains(k, StringComparer.Ordinal)))
        {
            using JvmObject parser = session.Session.Get("sessionState").Get("sqlParser");
            using JvmObject predicate = session.Jvm.Seq([parser.Get("parseExpression", condition)]);
            using JvmObject files = transaction.Get("filterFiles", predicate, false);
            actions.AddRange(Removed(files));
            return 0;
        }

        using JvmObject everyFile = transaction.Get("filterFiles");
        List<JvmObject> touched = Touched(log, transaction, everyFile, condition);
        return touched.Count == 0 ? 0 : Keep(log, transaction, touched, rows => rows.Get("where", $"NOT coalesce({condition}, false)"), actions);
    }

    // Files with a row to remove are rewritten without it. Returns their bytes.
    private long Rewrite(JvmObject log, JvmObject transaction, SparkRelation removed, List<object?> actions)
    {
        string[] keys = [.. removed.Schema.FieldsList.Select(f => f.Name)];
        using JvmObject everyFile = transaction.Get("filterFiles");
        using JvmObject rows = Rows(log, transaction, everyFile);
        using JvmObject columns = session.Jvm.Seq(keys);
        string[] named = [.. keys.Select(SparkDialect.Instance.Name), $"input_file_name() AS {FileColumn}"];

        // Spark gives the name of a row's file only before a join.
        using JvmObject places = rows.Get("selectExpr", session.Jvm.Array("java.lang.String", named))
            .Get("join", removed.Frame, columns, "left_semi")
            .Get("selectExpr", session.Jvm.Array("java.lang.String", [FileColumn]));
        List<JvmObject> touched = Touched(everyFile, places);
        return touched.Count == 0 ? 0 : Keep(log, transaction, touched, all => all.Get("join", removed.Frame, columns, "left_anti"), actions);
    }

    // Replaces files by their rows that stay.
    private long Keep(JvmObject log, JvmObject transaction, List<JvmObject> touched, Func<JvmObject, JvmObject> staying, List<object?> actions)
    {
        using JvmObject touchedSeq = session.Jvm.Seq(touched);
        using JvmObject before = Rows(log, transaction, touchedSeq);
        using JvmObject schema = before.Get("schema");
        using JvmObject names = schema.Get("fieldNames");
        JvmObject columns = session.Columns(Enumerable.Range(0, session.Jvm.ArrayLength(names)).Select(n => session.Column((string)session.Jvm.ArrayItem(names, n)!)));
        long bytes = AddFiles(transaction, staying(before).Get("select", columns), actions).Bytes;
        actions.AddRange(touched.Select(f => (object?)f.Get("remove")));
        return bytes;
    }

    private List<JvmObject> Touched(JvmObject log, JvmObject transaction, JvmObject everyFile, string condition)
    {
        using JvmObject rows = Rows(log, transaction, everyFile);
        using JvmObject places = rows.Get("where", condition)
            .Get("selectExpr", session.Jvm.Array("java.lang.String", [$"input_file_name() AS {FileColumn}"]));
        return Touched(everyFile, places);
    }

    private static List<JvmObject> Touched(JvmObject everyFile, JvmObject places)
    {
        using JvmObject names = JvmCalls.Rows(places.Get("distinct"));
        var hit = new HashSet<string>(StringComparer.Ordinal);
        for (int i = (int)names.Call("size")! - 1; i >= 0; i--)
        {
            using var row = (JvmObject)names.Call("get", i)!;
            hit.Add(FileName((string)row.Call("getString", 0)!));
        }

        // Delta's file names are unique in a table: each has a UUID.
        return [.. JvmCalls.Items(everyFile).Cast<JvmObject>().Where(f => hit.Contains(FileName((string)f.Call("path")!)))];
    }

    private JvmObject Rows(JvmObject log, JvmObject transaction, JvmObject files)
    {
        using JvmObject snapshot = transaction.Get("snapshot");
        using JvmObject none = session.Jvm.Option(null);
        return log.Get("createDataFrame", snapshot, files, false, none);
    }

    private void Create(JvmObject transaction, TableDefinition table)
    {
        using JvmObject noOptions = session.Jvm.Map([]);
        using JvmObject format = session.Jvm.New("org.apache.spark.sql.delta.actions.Format", "parquet", noOptions);
        using JvmObject partitions = session.Jvm.Seq(table.PartitionColumns);
        using JvmObject properties = session.Jvm.Map(
        [
            new(DeltaTables.SchemaProperty, DeltaTables.SchemaValue),
            new("delta.enableDeletionVectors", "false"),
            new("delta.checkpointPolicy", "classic"),
        ]);
        using JvmObject now = session.Jvm.Option(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        using JvmObject metadata = session.Jvm.New(
            "org.apache.spark.sql.delta.actions.Metadata",
            Guid.NewGuid().ToString(),
            null,
            null,
            format,
            SparkTypes.ToJson(table.Schema),
            partitions,
            properties,
            now);
        transaction.Call("updateMetadata", metadata, false);
    }

    private JvmObject Operation(TableWrite write)
    {
        using JvmObject mode = session.Jvm.GetStatic(
            "org.apache.spark.sql.SaveMode",
            "valueOf",
            write.Mode is WriteMode.Append ? "Append" : "Overwrite");
        using JvmObject partitions = session.Jvm.Seq(write.Table.PartitionColumns);
        using JvmObject partitionBy = session.Jvm.Option(partitions);
        using JvmObject predicate = session.Jvm.Option(
            write.Mode is WriteMode.Replace replace ? JsonSerializer.Serialize(replace.Equal) : null);
        using JvmObject note = session.Jvm.Option(write.Note.Write());
        return session.Jvm.New($"{Delta}DeltaOperations$Write", mode, partitionBy, predicate, note);
    }

    // Returns the number of rows in the added files, and their bytes.
    private (long Rows, long Bytes) AddFiles(JvmObject transaction, JvmObject frame, List<object?> actions)
    {
        using JvmObject files = session.Times.In(SparkTimes.Phase.Job, () => transaction.Get("writeFiles", frame));
        (long rows, long bytes) = (0, 0);
        foreach (object? file in JvmCalls.Items(files))
        {
            actions.Add(file);
            bytes += (long)((JvmObject)file!).Call("size")!;
            using JsonDocument statistics = JsonDocument.Parse((string)((JvmObject)file!).Call("stats")!);
            rows += statistics.RootElement.GetProperty("numRecords").GetInt64();
        }

        return (rows, bytes);
    }

    private static IEnumerable<object?> Removed(JvmObject files) =>
        JvmCalls.Items(files).Select(f => (object?)((JvmObject)f!).Get("remove"));

    private static string FileName(string path) => Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]);

    private static void RequireColumns(Schema rows, TableDefinition table)
    {
        foreach (Field column in table.Schema.FieldsList)
        {
            int at = rows.GetFieldIndex(column.Name, StringComparer.Ordinal);
            if (at < 0)
            {
                throw new OneRecException(ErrorKind.Bug, "table.rows", $"rows for tables/{table.Name} lack column {column.Name}");
            }

            if (!OutputCheck.SameType(rows.GetFieldByIndex(at).DataType, column.DataType))
            {
                throw new OneRecException(
                    ErrorKind.Bug,
                    "table.rows",
                    $"rows for tables/{table.Name} have {column.Name} as {rows.GetFieldByIndex(at).DataType.Name}, not {column.DataType.Name}");
            }
        }
    }

    private static void RequireTable(TableDefinition table, Schema there)
    {
        if (there.FieldsList.Count != table.Schema.FieldsList.Count
            || there.FieldsList.Zip(table.Schema.FieldsList).Any(
                c => c.First.Name != c.Second.Name || !OutputCheck.SameType(c.First.DataType, c.Second.DataType)))
        {
            throw OneRecException.Table(
                "table.columns",
                $"tables/{table.Name} has columns ({string.Join(", ", there.FieldsList.Select(f => $"{f.Name} {f.DataType.Name}"))}), "
                + "which differ from those of this step. Did item ids change from BIGINT to STRING? Use another tables folder");
        }
    }
}
