using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Inputs.Columns;
using OneRec.Inputs.Files;
using OneRec.Inputs.Options;
using OneRec.Inputs.Sources;

namespace OneRec.Inputs.Csv;

/// <summary>CSV files of one header, with the type of each column.</summary>
public sealed class CsvSource : FileSource
{
    /// <summary>Rows that types are inferred from.</summary>
    public const int SampleRows = 10_000;

    private readonly IReadOnlyList<string> _header;
    private readonly IReadOnlyList<SourceColumn> _columns;
    private readonly bool _hasRows;

    private CsvSource(InputFiles files, IReadOnlyList<string> header, IReadOnlyList<SourceColumn> columns, bool multiLine, bool hasRows)
        : base(files, columns)
    {
        _header = header;
        _columns = columns;
        MultiLine = multiLine;
        _hasRows = hasRows;
    }

    /// <summary>Whether a quoted field may hold line breaks.</summary>
    public bool MultiLine { get; }

    /// <inheritdoc/>
    public override bool HasRows => _hasRows;

    /// <summary>Reads the headers and a sample.</summary>
    /// <param name="files">The files.</param>
    /// <param name="multiLine">Whether a quoted field may hold line breaks.</param>
    /// <param name="declared">Types of columns by name that are not inferred.</param>
    /// <exception cref="OneRecException">
    /// A header that is missing, has no name or one twice; files whose headers differ (exit 3).
    /// </exception>
    public static new CsvSource Open(InputFiles files, bool multiLine, IReadOnlyDictionary<string, ColumnType> declared)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(declared);
        IReadOnlyList<string> header = Header(files.Files[0], multiLine);
        foreach (string file in files.Files.Skip(1))
        {
            if (!Header(file, multiLine).SequenceEqual(header))
            {
                throw OneRecException.Input(
                    "input.header", $"{file} has another header than {files.Files[0]}; give them as two inputs or rewrite one");
            }
        }

        if (files.Partitions?.Columns.FirstOrDefault(c => header.Contains(c, StringComparer.OrdinalIgnoreCase)) is { } twice)
        {
            throw OneRecException.Input(
                "input.header", $"{files.Files[0]}: column '{twice}' is in the header and in the folders' names; rename one");
        }

        TypeInference[] inferred = [.. header.Select(_ => new TypeInference())];
        bool hasRows = false;
        foreach (CsvRecord record in Sample(files, multiLine))
        {
            hasRows = true;
            for (int c = 0; c < Math.Min(header.Count, record.Fields.Count); c++)
            {
                if (record.Fields[c] is { } value)
                {
                    inferred[c].See(value);
                }
            }
        }

        IEnumerable<SourceColumn> columns = header.Select((name, c) =>
        {
            bool given = declared.TryGetValue(name, out ColumnType type);
            return new SourceColumn(name, StringType.Default, given ? type : inferred[c].Type, given, inferred[c].TimeUnit);
        });
        return new CsvSource(
            files, header, [.. columns, .. FolderColumns(files.Partitions, declared)], multiLine, hasRows);
    }

    /// <inheritdoc/>
    public override IRelation Read(IQueryEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        foreach (string file in Files.Files)
        {
            if (CsvBytes.Problem(file, _header.Count) is { } problem)
            {
                throw OneRecException.Input("input.csv", $"{file} {problem}; correct the file");
            }
        }

        return engine.ReadText(new CsvFiles(Files.Files, _header, MultiLine) { Partitions = Files.Partitions });
    }

    /// <summary>How SQL and options write a type.</summary>
    public static string Name(ColumnType type) => type switch
    {
        ColumnType.BigInt => "BIGINT",
        ColumnType.Double => "DOUBLE",
        ColumnType.Timestamp => "TIMESTAMP",
        ColumnType.Date => "DATE",
        ColumnType.Boolean => "BOOLEAN",
        _ => "STRING",
    };

    /// <inheritdoc/>
    internal override InputSource? Mend(OneRecException failure, BadRowList? bad, ScratchCopies scratch) =>
        failure.Code == "input.gzip" ? null : CsvMend.Mend(this, failure, bad, scratch) is { } files ? With(files) : null;

    /// <inheritdoc/>
    internal override IEnumerable<string> Values(string column)
    {
        int place = Columns.ToList().IndexOf(column);
        return place >= _header.Count
            ? Files.Partitions!.Values.Select(v => v[place - _header.Count]).OfType<string>()
            : Sample(Files, MultiLine).Where(r => r.Problem is null).Select(r => r.Fields[place]).OfType<string>();
    }

    /// <inheritdoc/>
    protected override FileSource With(InputFiles files) => new CsvSource(files, _header, _columns, MultiLine, _hasRows);

    private static string[] Header(string file, bool multiLine)
    {
        using var reader = new CsvReader(file, multiLine);
        CsvRecord header = reader.Read()
            ?? throw OneRecException.Input("input.header", $"{file} is empty; it must begin with a header");
        string[] names = [.. header.Fields.Select((name, n) => name ?? throw OneRecException.Input(
            "input.header", $"{file}: column {n + 1} has no name in the header"))];
        string? twice = names.GroupBy(n => n, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1)?.Key;
        return twice is null
            ? names
            : throw OneRecException.Input(
                "input.header", $"{file}: the header has '{twice}' twice (letter case does not count); rename one");
    }

    // Malformed records speak for no type: they are told when the rows are read.
    private static IEnumerable<CsvRecord> Sample(InputFiles files, bool multiLine)
    {
        int rows = 0;
        foreach (string file in files.Files)
        {
            using var reader = new CsvReader(file, multiLine);
            foreach (CsvRecord record in reader.AnyRecords())
            {
                yield return record;
                if (++rows == SampleRows)
                {
                    yield break;
                }
            }
        }
    }
}
