using Apache.Arrow.Types;
using OneRec.Configuration;
using OneRec.Core;
using OneRec.Csv.Types;
using OneRec.Inputs.Columns;
using OneRec.Inputs.Files;

namespace OneRec.Inputs.Sources;

/// <summary>An input's files with the type of each column: CSV, Parquet or a Delta table, one file or many.</summary>
public abstract class InputSource
{
    private readonly Dictionary<string, SourceColumn> _columns;
    private readonly Dictionary<string, int> _indexes;

    /// <summary>A source of columns.</summary>
    protected InputSource(InputFiles files, IEnumerable<SourceColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        Files = files;
        SourceColumn[] all = [.. columns];
        _columns = all.ToDictionary(c => c.Name, StringComparer.Ordinal);
        Columns = [.. all.Select(c => c.Name)];
        _indexes = all.Select((c, i) => (c.Name, i)).ToDictionary(c => c.Name, c => c.i, StringComparer.Ordinal);
    }

    /// <summary>The files.</summary>
    public InputFiles Files { get; }

    /// <summary>Full paths of the files that hold its rows, in lexicographic order.</summary>
    public virtual IReadOnlyList<string> DataFiles => Files.Files;

    /// <summary>Names of the columns in order, those that folders name last.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Whether there is any row; true where that is not known.</summary>
    public abstract bool HasRows { get; }

    /// <summary>Names of the columns that are equal within a partition; empty where there are no partitions.</summary>
    public abstract IReadOnlyList<string> PartitionColumns { get; }

    /// <summary>The partitions: a text or null for each of <see cref="PartitionColumns"/>.</summary>
    public abstract IReadOnlyList<IReadOnlyList<string?>> Partitions { get; }

    /// <summary>Opens an input in whichever format it is.</summary>
    /// <param name="files">The files.</param>
    /// <param name="multiLine">Whether a quoted field of CSV may hold line breaks.</param>
    /// <param name="declared">Types of columns by name that are not inferred.</param>
    /// <exception cref="OneRecException">Heads that cannot be read or do not fit together (exit 3).</exception>
    public static InputSource Open(InputFiles files, bool multiLine, IReadOnlyDictionary<string, ColumnType> declared)
    {
        ArgumentNullException.ThrowIfNull(files);
        return files.Format switch
        {
            InputFormat.Csv => CsvSource.Open(files, multiLine, declared),
            InputFormat.Parquet => ParquetInput.Open(files, declared),
            _ => DeltaInput.Open(files, declared),
        };
    }

    /// <summary>Some partitions alone.</summary>
    /// <param name="places">Indexes of <see cref="Partitions"/>, ascending.</param>
    public abstract InputSource WithPartitions(IReadOnlyList<int> places);

    /// <summary>A column by name.</summary>
    public SourceColumn Column(string name) => _columns[name];

    /// <summary>The 0-based position of a column in <see cref="Columns"/>.</summary>
    internal int IndexOf(string column) => _indexes[column];

    /// <summary>The type that a column is taken for: declared, inferred, or the files'; null where options have no name for it.</summary>
    public ColumnType? TypeOf(string column) => _columns[column].Type;

    /// <summary>The type of a column of ids: BIGINT or STRING.</summary>
    /// <exception cref="OneRecException">It is declared to be neither (exit 2), or is neither (exit 3).</exception>
    public ColumnType IdTypeOf(string column)
    {
        SourceColumn source = _columns[column];
        return source.Type switch
        {
            ColumnType.BigInt => ColumnType.BigInt,
            ColumnType.Text => ColumnType.Text,

            // Numbers with fractions or exponents are ids only as text; a declared type is a mistake.
            ColumnType.Double when !source.Declared && source.Native is StringType => ColumnType.Text,
            { } other when source.Declared => throw OneRecException.Configuration(
                "input.types", $"input.types.{column} is {ColumnWords.Name(other)}, but ids are BIGINT or STRING"),
            _ => throw OneRecException.Input(
                "input.id-type",
                $"{Files.First}: column '{column}' is {ColumnTypes.Name(source.Native)}, but ids are BIGINT or STRING; "
                    + "write it as one of these"),
        };
    }

    /// <summary>What a column of times holds by its type and values; null where it is none.</summary>
    public InputTimeUnit? TimeUnitOf(string column) => _columns[column] is var source ? source.Type switch
    {
        ColumnType.BigInt => InputTimeUnit.S,
        ColumnType.Timestamp => InputTimeUnit.Timestamp,
        ColumnType.Date => InputTimeUnit.Date,
        ColumnType.Text => source.TimeUnit ?? (this is CsvSource ? null : SampledTimeUnit(column)),
        _ => null,
    } : null;

    /// <summary>Checks that there is a column.</summary>
    /// <param name="column">The name, exactly.</param>
    /// <param name="key">The option that gives it, for the message.</param>
    /// <exception cref="OneRecException">There is none, or not one alike in every file (exit 3); names the nearest.</exception>
    public void Require(string column, string key)
    {
        if (_columns.ContainsKey(column))
        {
            return;
        }

        RefuseUnread(column);
        string? nearest = NearestKey.Of(column, Columns);
        string hint = nearest is null ? $"it has {string.Join(", ", Columns)}" : $"did you mean '{nearest}'?";
        throw OneRecException.Input(
            "input.missing-column", $"{Files.First} has no column '{column}'; {hint} (set {key})");
    }

    /// <summary>Checks the columns that SQL of the user names against those that are there but not read.</summary>
    /// <exception cref="OneRecException">One is not alike in every file, or of a type that is not read (exit 3).</exception>
    public virtual void RequireReadable(string? sql)
    {
    }

    /// <summary>Rows of the source, whatever they hold.</summary>
    public long CountRows(IQueryEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        using IMaterializedRelation count = Begin([]).Materialize(engine, rows => engine.Sql(
            SqlScript.Load(typeof(InputSource), "count_rows.sql"), ("source", rows)));
        return (long)RowReader.Read(engine.Collect(count))[0][0]!;
    }

    /// <summary>What people should know of a column's type; null for nothing.</summary>
    public string? NoticeOf(SourceColumn column)
    {
        ArgumentNullException.ThrowIfNull(column);
        return column is { AlmostBigInt: { } text, Type: ColumnType.Text }
            ? $"{Files.First}: column '{column.Name}' is read as STRING because of values such as '{text}', though nearly all are whole "
                + $"numbers; if those are bad rows, set input.types.{column.Name}=BIGINT"
            : null;
    }

    /// <summary>Begins a read.</summary>
    /// <param name="check">Columns whose values decide whether a row can be read.</param>
    /// <param name="otherwise">What is wrong with a bad row whose columns show nothing; null: there is none such.</param>
    internal abstract SourceRead Begin(IReadOnlyList<ReadColumn> check, string? otherwise = null);

    /// <summary>Throws where a column is there but is not read, saying why.</summary>
    protected virtual void RefuseUnread(string column)
    {
    }

    /// <summary>Columns that are there but are not read.</summary>
    internal virtual IEnumerable<string> Unread => [];

    /// <summary>The first values of a column as text, in the order of the files, nulls left out.</summary>
    internal abstract IEnumerable<string> Values(string column);

    private InputTimeUnit? SampledTimeUnit(string column)
    {
        var inference = new TypeInference();
        foreach (string text in Values(column).Take(CsvSource.SampleRows))
        {
            inference.See(text);
        }

        return inference.TimeUnit;
    }

    /// <summary>The columns that folders name, typed by their values.</summary>
    protected static IEnumerable<SourceColumn> FolderColumns(
        FilePartitions? partitions, IReadOnlyDictionary<string, ColumnType> declared)
    {
        ArgumentNullException.ThrowIfNull(declared);
        for (int c = 0; c < (partitions?.Columns.Count ?? 0); c++)
        {
            string name = partitions!.Columns[c];
            var inference = new TypeInference();
            foreach (string value in partitions.Values.Select(v => v[c]).OfType<string>().Distinct())
            {
                inference.See(value);
            }

            bool given = declared.TryGetValue(name, out ColumnType type);
            yield return new SourceColumn(name, StringType.Default, given ? type : inference.Type, given, inference.TimeUnit);
        }
    }
}
