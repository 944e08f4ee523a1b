using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Delta;
using OneRec.Engine.Relations;

namespace OneRec.Pipeline.Tests.Steps;

/// <summary>Another program that writes into a table of ours: its commits carry no note.</summary>
internal static class OtherWriter
{
    /// <summary>Replaces the rows of a table.</summary>
    /// <param name="folder">The table's folder.</param>
    /// <param name="change">Makes the new rows from the old ones.</param>
    public static void Rewrite(string folder, Func<List<object?[]>, IEnumerable<object?[]>> change)
    {
        DeltaTable table = DeltaTable.At(folder);
        Snapshot snapshot = table.LatestSnapshot()!;
        List<object?[]> rows = RowReader.Read(snapshot.Scan());
        Transaction transaction = table.Begin(snapshot);
        transaction.Remove(snapshot.Files);
        transaction.Add(Write(transaction, change(rows)));
        Assert.IsType<CommitResult.Committed>(transaction.Commit("REWRITE"));
    }

    /// <summary>Moves the rows of a table to other files, without a change of data.</summary>
    public static void Compact(string folder) => Assert.NotEqual(0, DeltaTable.At(folder).Compact(new CompactionOptions { LeastFiles = 1 }).Written);

    /// <summary>Brings back the files of an older version, as RESTORE of Delta Lake and delta-rs does.</summary>
    public static void Restore(string folder, long version)
    {
        DeltaTable table = DeltaTable.At(folder);
        Snapshot old = table.SnapshotAt(version);
        Snapshot now = table.LatestSnapshot()!;
        string[] lines =
        [
            """{"commitInfo":{"operation":"RESTORE"}}""",
            .. now.Files.ExceptBy(old.Files.Select(f => f.Path), f => f.Path)
                .Select(f => $$$"""{"remove":{"path":"{{{f.Path}}}","dataChange":true}}"""),
            .. old.Files.ExceptBy(now.Files.Select(f => f.Path), f => f.Path).Select(f => LineOf(folder, f.Path)),
        ];
        Append(folder, lines);
    }

    /// <summary>Adds nullable columns to a table, given as fields of Delta's schema JSON.</summary>
    public static void AddColumns(string folder, params string[] fields) => ChangeSchema(
        folder,
        list =>
        {
            foreach (string field in fields)
            {
                list.Add(JsonNode.Parse(field));
            }
        });

    /// <summary>Changes the columns of a table.</summary>
    public static void ChangeSchema(string folder, Action<JsonArray> change)
    {
        Metadata metadata = DeltaTable.At(folder).LatestSnapshot()!.Metadata;
        JsonNode schema = JsonNode.Parse(metadata.SchemaString)!;
        change(schema["fields"]!.AsArray());
        var action = new JsonObject
        {
            ["metaData"] = new JsonObject
            {
                ["id"] = metadata.Id,
                ["format"] = new JsonObject { ["provider"] = "parquet", ["options"] = new JsonObject() },
                ["schemaString"] = schema.ToJsonString(),
                ["partitionColumns"] = new JsonArray([.. metadata.PartitionColumns.Select(c => (JsonNode)c)]),
                ["configuration"] = new JsonObject(metadata.Configuration.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value))),
            },
        };
        Append(folder, action.ToJsonString());
    }

    /// <summary>Adds a commit of lines.</summary>
    public static void Append(string folder, params string[] lines)
    {
        string path = Path.Combine(folder, "_delta_log", $"{Commits(folder).Length:D20}.json");
        File.WriteAllText(path, string.Concat(lines.Select(l => l + "\n")));
    }

    private static string[] Commits(string folder) =>
        [.. Directory.GetFiles(Path.Combine(folder, "_delta_log"), "*.json").Order(StringComparer.Ordinal)];

    private static string LineOf(string folder, string path) => Commits(folder)
        .SelectMany(File.ReadLines)
        .Last(l => l.StartsWith("{\"add\"", StringComparison.Ordinal) && l.Contains(path, StringComparison.Ordinal));

    private static IReadOnlyList<DataFile> Write(Transaction transaction, IEnumerable<object?[]> rows)
    {
        using DataFileWriter writer = transaction.OpenWriter();
        object?[][] all = [.. rows];
        if (all.Length > 0)
        {
            using var batch = new RecordBatch(
                transaction.Schema, transaction.Schema.FieldsList.Select((f, i) => Column(f, [.. all.Select(r => r[i])])), all.Length);
            writer.Write(batch);
        }

        return writer.Finish();
    }

    private static IArrowArray Column(Field field, object?[] values)
    {
        if (field.DataType is not ListType list)
        {
            return RowReader.Build(new Schema([field], null), [.. values.Select(v => new[] { v })]).Column(0);
        }

        var builder = new ListArray.Builder(list.ValueDataType);
        foreach (object?[] elements in values.Cast<object?[]>())
        {
            builder.Append();
            foreach (object? element in elements)
            {
                if (builder.ValueBuilder is FloatArray.Builder reals)
                {
                    reals.Append((float)element!);
                }
                else
                {
                    ((Int32Array.Builder)builder.ValueBuilder).Append((int)element!);
                }
            }
        }

        return builder.Build();
    }
}
