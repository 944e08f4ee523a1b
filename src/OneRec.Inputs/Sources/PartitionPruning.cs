using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Csv.Types;
using OneRec.Inputs.Columns;
using OneRec.Inputs.Options;

namespace OneRec.Inputs.Sources;

/// <summary>Excludes partitions in which no row can pass, so that their files are not read.</summary>
internal static class PartitionPruning
{
    /// <summary>Returns the source without such partitions.</summary>
    /// <param name="engine">Evaluates the partitions with the same SQL as the rows.</param>
    /// <param name="source">The source.</param>
    /// <param name="predicate">A predicate that every row read must pass; null: none.</param>
    /// <param name="time">The time column, its unit, the first microsecond, and the microsecond after the last; null: none.</param>
    /// <returns>The source itself if no partition can be excluded.</returns>
    public static InputSource Prune(
        IQueryEngine engine,
        InputSource source,
        string? predicate,
        (string Column, InputTimeUnit Unit, long From, long To)? time)
    {
        // Only a conjunct that uses nothing but partition columns can be decided without rows.
        string[] parts = [.. (predicate is null ? [] : SqlText.Conjuncts(predicate)).Where(part =>
            SqlIdentifiers.Columns(part, source.Columns).ToArray() is { Length: > 0 } read
            && read.All(c => source.PartitionColumns.Contains(c, StringComparer.Ordinal)))];
        bool byTime = time is { } t && source.PartitionColumns.Contains(t.Column, StringComparer.Ordinal);
        if ((parts.Length == 0 && !byTime) || source.Partitions.Count == 0)
        {
            return source;
        }

        long[] kept = [.. RowReader.Read(engine.Collect(engine.Sql(
            Script(source, parts, byTime ? time : null), ("partitions", Relation(engine, source))))).Select(r => (long)r[0]!).Order()];
        return kept.Length == source.Partitions.Count ? source : source.WithPartitions([.. kept.Select(p => (int)p)]);
    }

    private static SqlScript Script(
        InputSource source, string[] parts, (string Column, InputTimeUnit Unit, long From, long To)? time)
    {
        var writer = new SqlWriter("p");
        SourceColumn[] columns = [.. source.PartitionColumns.Select(c => source.Column(c) with { Native = StringType.Default })];
        string list = string.Join(", ", columns.Select(c => $"{writer.Typed(c)} AS {writer.Name(c.Name)}"));
        string micros = time is { } t
            ? writer.Micros(columns.First(c => c.Name == t.Column), t.Unit)
            : "CAST(0 AS BIGINT)";
        string[] conditions =
        [
            .. parts.Select(writer.User),
            .. time is { } range ? [$"onerec_time >= {writer.Hole(range.From)} AND onerec_time < {writer.Hole(range.To)}"] : System.Array.Empty<string>(),
        ];
        string text = $"SELECT onerec_partition FROM (SELECT {list}, {micros} AS onerec_time, onerec_partition FROM partitions) AS typed "
            + $"WHERE {string.Join(" AND ", conditions)}";
        SqlFragment fragment = writer.Fragment(text);
        return new SqlScript(fragment.Text, fragment.Arguments);
    }

    private static IRelation Relation(IQueryEngine engine, InputSource source)
    {
        var schema = new Schema(
            [
                .. source.PartitionColumns.Select(c => new Field(c, StringType.Default, nullable: true)),
                new Field("onerec_partition", Int64Type.Default, nullable: false),
            ],
            null);
        object?[][] rows = [.. source.Partitions.Select((values, place) => (object?[])[.. values, (long)place])];
        return engine.FromRows(schema, [RowReader.Build(schema, rows)]);
    }
}
