using OneRec.Core;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Engine;

namespace OneRec.Pipeline.Inputs;

/// <summary>CSV files of one header, with the type of each column.</summary>
public sealed class CsvSource
{
    /// <summary>Rows that types are inferred from.</summary>
    public const int SampleRows = 10_000;

    private readonly Dictionary<string, ColumnType> _types = new(StringComparer.Ordinal);
    private readonly HashSet<string> _declared = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _isTimestamp = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _isDate = new(StringComparer.Ordinal);

    private CsvSource(InputFiles files, IReadOnlyList<string> columns, bool multiLine)
    {
        Files = files;
        Columns = columns;
        MultiLine = multiLine;
    }

    /// <summary>The files.</summary>
    public InputFiles Files { get; }

    /// <summary>The header's names in order.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Whether a quoted field may hold line breaks.</summary>
    public bool MultiLine { get; }

    /// <summary>Whether any row follows a header.</summary>
    public bool HasRows { get; private set; }

    /// <summary>What the engine reads.</summary>
    public TextSource Text => new(Files.Files, Columns, MultiLine);

    /// <summary>Reads the header and a sample.</summary>
    /// <param name="files">The files.</param>
    /// <param name="multiLine">Whether a quoted field may hold line breaks.</param>
    /// <param name="declared">Types of columns by name that are not inferred.</param>
    /// <exception cref="OneRecException">
    /// A header that is missing, has no name or one twice; files whose headers differ; a sample that is no CSV (exit 3).
    /// </exception>
    public static CsvSource Open(InputFiles files, bool multiLine, IReadOnlyDictionary<string, ColumnType> declared)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(declared);
        IReadOnlyList<string> columns = Header(files.Files[0], multiLine);
        foreach (string file in files.Files.Skip(1))
        {
            if (!Header(file, multiLine).SequenceEqual(columns))
            {
                throw OneRecException.Input(
                    "input.header", $"{file} has another header than {files.Files[0]}; give them as two inputs or rewrite one");
            }
        }

        var source = new CsvSource(files, columns, multiLine);
        source.Infer(declared);
        return source;
    }

    /// <summary>The type of a column: declared, or BIGINT, DOUBLE or STRING by the sample.</summary>
    public ColumnType TypeOf(string column) => _types[column];

    /// <summary>The type of a column of ids: BIGINT or STRING.</summary>
    /// <exception cref="OneRecException">It is declared to be neither (exit 2).</exception>
    public ColumnType IdTypeOf(string column) => TypeOf(column) switch
    {
        ColumnType.BigInt => ColumnType.BigInt,
        ColumnType.Text => ColumnType.Text,
        // Numbers with fractions or exponents are ids only as text; a declared type is a mistake.
        ColumnType.Double when !_declared.Contains(column) => ColumnType.Text,
        ColumnType other => throw OneRecException.Configuration(
            "input.types", $"input.types.{column} is {Name(other)}, but ids are BIGINT or STRING"),
    };

    /// <summary>What a column of times holds by the sample and its declared type; null where it is none.</summary>
    public TimeUnit? TimeUnitOf(string column) => TypeOf(column) switch
    {
        ColumnType.BigInt => TimeUnit.S,
        ColumnType.Timestamp => TimeUnit.Timestamp,
        ColumnType.Date => TimeUnit.Date,
        ColumnType.Text when _isDate.GetValueOrDefault(column) => TimeUnit.Date,
        ColumnType.Text when _isTimestamp.GetValueOrDefault(column) => TimeUnit.Timestamp,
        _ => null,
    };

    /// <summary>Checks that the header has a column.</summary>
    /// <param name="column">The name, exactly.</param>
    /// <param name="key">The option that gives it, for the message.</param>
    /// <exception cref="OneRecException">It has not (exit 3); names the nearest that it has.</exception>
    public void Require(string column, string key)
    {
        if (Columns.Contains(column, StringComparer.Ordinal))
        {
            return;
        }

        string? nearest = NearestKey.Of(column, Columns);
        string hint = nearest is null ? $"it has {string.Join(", ", Columns)}" : $"did you mean '{nearest}'?";
        throw OneRecException.Input(
            "input.missing-column", $"{Files.Files[0]} has no column '{column}'; {hint} (set {key})");
    }

    /// <summary>How SQL and options write a type.</summary>
    public static string Name(ColumnType type) => type switch
    {
        ColumnType.BigInt => "BIGINT",
        ColumnType.Double => "DOUBLE",
        ColumnType.Timestamp => "TIMESTAMP",
        ColumnType.Date => "DATE",
        _ => "STRING",
    };

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

    private void Infer(IReadOnlyDictionary<string, ColumnType> declared)
    {
        ColumnType[] candidates = [ColumnType.BigInt, ColumnType.Double, ColumnType.Timestamp, ColumnType.Date];
        bool[,] fits = new bool[Columns.Count, candidates.Length];
        bool[] seen = new bool[Columns.Count];
        for (int c = 0; c < Columns.Count; c++)
        {
            for (int t = 0; t < candidates.Length; t++)
            {
                fits[c, t] = true;
            }
        }

        foreach (CsvRecord record in Sample())
        {
            HasRows = true;
            for (int c = 0; c < Math.Min(Columns.Count, record.Fields.Count); c++)
            {
                if (record.Fields[c] is not { } value)
                {
                    continue;
                }

                seen[c] = true;
                for (int t = 0; t < candidates.Length; t++)
                {
                    fits[c, t] = fits[c, t] && TypePatterns.SpeaksFor(candidates[t], value);
                }
            }
        }

        for (int c = 0; c < Columns.Count; c++)
        {
            string column = Columns[c];
            if (declared.TryGetValue(column, out ColumnType type))
            {
                _types[column] = type;
                _declared.Add(column);
                continue;
            }

            _types[column] = !seen[c] ? ColumnType.Text
                : fits[c, 0] ? ColumnType.BigInt
                : fits[c, 1] ? ColumnType.Double
                : ColumnType.Text;
            _isTimestamp[column] = seen[c] && fits[c, 2];
            _isDate[column] = seen[c] && fits[c, 3];
        }
    }

    private IEnumerable<CsvRecord> Sample()
    {
        int rows = 0;
        foreach (string file in Files.Files)
        {
            using var reader = new CsvReader(file, MultiLine);
            foreach (CsvRecord record in reader.Records())
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
