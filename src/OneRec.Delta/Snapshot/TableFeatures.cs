using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;

namespace OneRec.Delta;

/// <summary>The protocol features that we read and write; all others are rejected by name.</summary>
internal static class TableFeatures
{
    // Reader version 2 has exactly one feature and no list of names.
    private const string ColumnMapping = "columnMapping";

    private static readonly string[] Readable = ["timestampNtz"];
    private static readonly string[] Writable = ["appendOnly", "invariants"];

    /// <summary>Features of writer versions 3 to 6, which are older than the feature names in the log.</summary>
    private static readonly (int Version, string Feature)[] ByWriterVersion =
    [
        (3, "checkConstraints"), (4, "changeDataFeed"), (4, "generatedColumns"), (5, ColumnMapping), (6, "identityColumns"),
    ];

    /// <summary>Rejects a table that we cannot read correctly.</summary>
    /// <exception cref="OneRecException">Table error <c>delta.reader-feature</c>, naming the features.</exception>
    public static void RequireReadable(string table, long version, Protocol protocol)
    {
        string[] missing = protocol.MinReaderVersion switch
        {
            <= 1 => [],
            2 => [ColumnMapping],
            3 => [.. protocol.ReaderFeatures.Except(Readable).Order(StringComparer.Ordinal)],
            int later => [$"reader version {later}"],
        };
        Refuse("delta.reader-feature", table, version, missing);
    }

    /// <summary>Rejects a table that we cannot write without violating its guarantees.</summary>
    /// <exception cref="OneRecException">Table error <c>delta.writer-feature</c>, naming the features.</exception>
    public static void RequireWritable(string table, long version, Protocol protocol, Metadata metadata)
    {
        string[] missing = protocol.MinWriterVersion switch
        {
            <= 2 => [],
            <= 6 => [.. ByWriterVersion.Where(f => f.Version <= protocol.MinWriterVersion).Select(f => f.Feature)],
            7 => [.. protocol.WriterFeatures.Except(Writable).Order(StringComparer.Ordinal)],
            int later => [$"writer version {later}"],
        };
        Refuse("delta.writer-feature", table, version, missing);
        if (metadata.Schema.FieldsList.FirstOrDefault(HasInvariant) is { } field)
        {
            throw OneRecException.Table(
                "delta.writer-feature",
                $"{table} version {version} has an invariant on column '{field.Name}', which OneRec cannot check; "
                + "rewrite the table without it");
        }
    }

    /// <summary>Whether a table forbids removals (property <c>delta.appendOnly</c>).</summary>
    public static bool IsAppendOnly(Metadata metadata) =>
        metadata.Configuration.TryGetValue("delta.appendOnly", out string? value)
        && value.Equals("true", StringComparison.OrdinalIgnoreCase);

    private static bool HasInvariant(Field field) =>
        field.Metadata?.ContainsKey(DeltaSchema.Invariants) == true
        || (field.DataType is NestedType nested && nested.Fields.Any(HasInvariant));

    /// <summary>A table that uses a feature without naming it in its protocol.</summary>
    public static OneRecException Unreadable(string table, long version, string feature) =>
        Refusal("delta.reader-feature", table, version, [feature]);

    private static void Refuse(string code, string table, long version, string[] missing)
    {
        if (missing.Length > 0)
        {
            throw Refusal(code, table, version, missing);
        }
    }

    private static OneRecException Refusal(string code, string table, long version, string[] missing)
    {
        string names = string.Join(", ", missing.Select(m => $"'{m}'"));
        return OneRecException.Table(
            code,
            $"{table} version {version} needs {names}, which {(missing.Length == 1 ? "is" : "are")} not supported; "
            + $"rewrite the table without {(missing.Length == 1 ? "it" : "them")}");
    }
}
