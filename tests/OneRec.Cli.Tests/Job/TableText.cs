using System.Globalization;
using Apache.Arrow;
using OneRec.Delta;

namespace OneRec.Cli.Tests.Job;

/// <summary>A table's rows as sorted lines, exact to the bit, for comparing tables as multisets.</summary>
internal static class TableText
{
    /// <summary>Columns that tell of a run and not of its result.</summary>
    private static readonly HashSet<string> OfTheRun =
        ["run_id", "updated_at", "deleted_at", "assigned_at", "published_at", "finished_at", "seconds"];

    /// <summary>The tables whose rows two equal jobs must share.</summary>
    public static readonly string[] Compared =
    [
        "items", "item_similarity", "item_pairs", "item_embeddings", "codebooks", "semantic_ids", "published", "quality",
    ];

    /// <summary>The rows of a table's newest version, run columns left out, sorted.</summary>
    public static IReadOnlyList<string> Of(string tables, string name)
    {
        Snapshot snapshot = DeltaTable.At(Path.Combine(tables, name)).LatestSnapshot()
            ?? throw new InvalidOperationException($"there is no table {name}");
        string[] columns = [.. snapshot.Schema.FieldsList.Select(f => f.Name).Where(c => !OfTheRun.Contains(c))];
        var lines = new List<string>();
        foreach (RecordBatch batch in snapshot.Scan(columns))
        {
            using (batch)
            {
                for (int row = 0; row < batch.Length; row++)
                {
                    int r = row;
                    lines.Add(string.Join('\t', batch.Arrays.Select(a => Text(a, r))));
                }
            }
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    /// <summary>One text column of a table's newest version, in no order.</summary>
    public static IReadOnlyList<string> Column(string tables, string name, string column) =>
        [.. DeltaTable.At(Path.Combine(tables, name)).LatestSnapshot()!.Scan([column]).SelectMany(batch => Enumerable
            .Range(0, batch.Length)
            .Select(row => ((StringArray)batch.Column(0)).GetString(row))
            .OfType<string>())];

    /// <summary>Every table that is there opens, and every file that its log names is there and readable.</summary>
    public static void RequireWhole(string tables)
    {
        if (!Directory.Exists(tables))
        {
            return;
        }

        foreach (string folder in Directory.GetDirectories(tables).Where(d => Directory.Exists(Path.Combine(d, "_delta_log"))))
        {
            foreach (RecordBatch batch in DeltaTable.At(folder).LatestSnapshot()?.Scan() ?? [])
            {
                batch.Dispose();
            }
        }
    }

    /// <summary>Two jobs left the same rows.</summary>
    public static void RequireEqual(string expected, string actual, string when, string? but = null)
    {
        foreach (string table in Compared.Where(t => t != but))
        {
            IReadOnlyList<string> rows = Of(expected, table);
            Assert.True(rows.Count > 0, $"{table} is empty, {when}");
            Assert.True(rows.SequenceEqual(Of(actual, table)), $"{table} differs, {when}");
        }
    }

    private static string Text(IArrowArray column, int row) => column switch
    {
        _ when column.IsNull(row) => "null",
        Int64Array a => a.GetValue(row)!.Value.ToString(CultureInfo.InvariantCulture),
        Int32Array a => a.GetValue(row)!.Value.ToString(CultureInfo.InvariantCulture),
        DoubleArray a => BitConverter.DoubleToInt64Bits(a.GetValue(row)!.Value).ToString("x16", CultureInfo.InvariantCulture),
        FloatArray a => BitConverter.SingleToInt32Bits(a.GetValue(row)!.Value).ToString("x8", CultureInfo.InvariantCulture),
        StringArray a => "'" + a.GetString(row) + "'",
        TimestampArray a => a.GetValue(row)!.Value.ToString(CultureInfo.InvariantCulture),
        ListArray a => "[" + string.Join(',', Enumerable.Range(a.ValueOffsets[row], a.GetValueLength(row)).Select(i => Text(a.Values, i))) + "]",
        _ => throw new InvalidOperationException($"no text for {column.Data.DataType.Name}"),
    };
}
