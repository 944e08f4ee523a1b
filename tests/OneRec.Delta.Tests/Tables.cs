using System.Text.RegularExpressions;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Delta.Tests;

/// <summary>Small tables for tests.</summary>
internal static class Tables
{
    public static readonly IReadOnlyDictionary<string, string> NoProperties = new Dictionary<string, string>();

    /// <summary>A shape of (name, type, nullable) columns.</summary>
    public static TableShape Shape(
        IReadOnlyList<string> partitionColumns, params (string Name, IArrowType Type, bool Nullable)[] columns) => new(
        new Schema(columns.Select(c => new Field(c.Name, c.Type, c.Nullable)), null), partitionColumns, NoProperties);

    /// <summary>Ids and a partition: enough for tests of the log.</summary>
    public static TableShape IdsByPart => Shape(["part"], ("id", Int64Type.Default, false), ("part", StringType.Default, true));

    public static TableShape Ids => Shape([], ("id", Int64Type.Default, false));

    public static ListType ListOf(IArrowType element, bool nullable = false) =>
        new(new Field("element", element, nullable));

    public static RecordBatch Batch(params (string Name, IArrowArray Array)[] columns) => new(
        new Schema(columns.Select(c => new Field(c.Name, c.Array.Data.DataType, true)), null),
        columns.Select(c => c.Array),
        columns[0].Array.Length);

    public static Int64Array Longs(params IEnumerable<long> values) => new Int64Array.Builder().AppendRange(values).Build();

    public static StringArray Texts(params IEnumerable<string?> values) =>
        values.Aggregate(new StringArray.Builder(), (b, v) => b.Append(v)).Build();

    /// <summary>Lists of whole numbers; null for a null list.</summary>
    public static ListArray LongLists(params long[]?[] lists)
    {
        var builder = new ListArray.Builder(Int64Type.Default);
        foreach (long[]? list in lists)
        {
            if (list is null)
            {
                builder.AppendNull();
            }
            else
            {
                builder.Append();
                ((Int64Array.Builder)builder.ValueBuilder).AppendRange(list);
            }
        }

        return builder.Build();
    }

    /// <summary>Appends rows of (id, part) to a table, created where it is not there.</summary>
    public static CommitResult Append(this DeltaTable table, params (long Id, string? Part)[] rows)
    {
        Transaction transaction = table.Begin(table.LatestSnapshot(), IdsByPart);
        transaction.Add(transaction.Write(Batch(("id", Longs(rows.Select(r => r.Id))), ("part", Texts(rows.Select(r => r.Part))))));
        return transaction.Commit("WRITE");
    }

    /// <summary>Replaces all rows of a table by one.</summary>
    public static void Overwrite(this DeltaTable table, long id)
    {
        Snapshot read = table.LatestSnapshot()!;
        Transaction overwrite = table.Begin(read);
        overwrite.Remove(read.Files);
        overwrite.Add(overwrite.Write(Batch(("id", Longs(id)), ("part", Texts("a")))));
        overwrite.Commit("WRITE");
    }

    /// <summary>Takes what our writer recorded out of a table's commits: its files are then like those of other writers.</summary>
    public static void ForgetChecksums(this DeltaTable table)
    {
        foreach (string commit in Directory.GetFiles(Path.Combine(table.Folder, "_delta_log"), "*.json"))
        {
            string text = File.ReadAllText(commit);
            text = Regex.Replace(text, "\"onerecSeal\":\"[0-9a-f]{64}\",", "");
            File.WriteAllText(commit, Regex.Replace(text, ",\"tags\":\\{\"onerec.sha256\":\"[0-9a-f]{64}\"\\}", ""));
        }
    }

    public static IReadOnlyList<DataFile> Write(this Transaction transaction, params RecordBatch[] batches) =>
        transaction.Write(null, batches);

    public static IReadOnlyList<DataFile> Write(
        this Transaction transaction, DataFileOptions? options, params RecordBatch[] batches)
    {
        using DataFileWriter writer = transaction.OpenWriter(options);
        foreach (RecordBatch batch in batches)
        {
            writer.Write(batch);
        }

        return writer.Finish();
    }
}
