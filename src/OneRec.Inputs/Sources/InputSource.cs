using Apache.Arrow.Types;
using OneRec.Configuration;
using OneRec.Core;
using OneRec.Csv.Records;
using OneRec.Csv.Types;
using OneRec.Inputs.Columns;
using OneRec.Inputs.Files;

namespace OneRec.Inputs.Sources;

/// <summary>An input with the type of each column: one or more CSV or Parquet files, or a Delta table.</summary>
public abstract class InputSource
{
    private readonly Dictionary<string, SourceColumn> _columns;
    private readonly Dictionary<string, int> _indexes;

    /// <summary>Creates a source with its columns.</summary>
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

    /// <summary>Full paths of the files with its rows, in lexicographic order.</summary>
    public virtual IReadOnlyList<string> DataFiles => Files.Files;

    /// <summary>Names of the columns in order, partition columns last.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Whether there are any rows; true if unknown.</summary>
    public abstract bool HasRows { get; }

    /// <summary>Names of the partition columns; empty if there are none.</summary>
    public abstract IReadOnlyList<string> PartitionColumns { get; }

    /// <summary>The partitions: a text or null for each of <see cref="PartitionColumns"/>.</summary>
    public abstract IReadOnlyList<IReadOnlyList<string?>> Partitions { get; }

    /// <summary>Opens an input of any format.</summary>
    /// <param name="files">The files.</param>
    /// <param name="csv">How CSV is written.</param>
    /// <param name="declared">Declared types by column name; the others are inferred.</param>
    /// <exception cref="OneRecException">A header or footer cannot be read, or files do not match (exit 3).</exception>
    public static InputSource Open(InputFiles files, CsvFormat csv, IReadOnlyDictionary<string, ColumnType> declared)
    {
        ArgumentNullException.ThrowIfNull(files);
        return files.Format switch
        {
            InputFormat.Csv or InputFormat.Json => CsvSource.Open(files, csv, declared),
            InputFormat.Parquet => ParquetInput.Open(files, declared),
            _ when files.Table is { } table => TableSource.Open(files, table, declared),
            _ => DeltaInput.Open(files, declared),
        };
    }

    /// <summary>Limits the source to some partitions.</summary>
    /// <param name="indexes">Indexes of <see cref="Partitions"/>, ascending.</param>
    public abstract InputSource WithPartitions(IReadOnlyList<int> indexes);

    /// <summary>A column by name.</summary>
    public SourceColumn Column(string name) => _columns[name];

    /// <summary>The 0-based position of a column in <see cref="Columns"/>.</summary>
    internal int IndexOf(string column) => _indexes[column];

    /// <summary>The type of a column: declared, inferred, or from the files; null if options have no name for it.</summary>
    public ColumnType? TypeOf(string column) => _columns[column].Type;

    /// <summary>The type of a column of ids: BIGINT or STRING.</summary>
    /// <exception cref="OneRecException">The type is declared as neither (exit 2), or is neither in the files (exit 3).</exception>
    public ColumnType IdTypeOf(string column)
    {
        SourceColumn source = _columns[column];
        return source.Type switch
        {
            ColumnType.Text or ColumnType.Double when source.Texts?.Strays(ColumnType.BigInt) is { AreBad: true } => ColumnType.BigInt,
            ColumnType.BigInt => ColumnType.BigInt,
            ColumnType.Text => ColumnType.Text,

            // Numbers with fractions or exponents are valid ids only as text; declaring such a type is an error.
            ColumnType.Double when !source.Declared && source.Native is StringType => ColumnType.Text,
            { } other when source.Declared => throw OneRecException.Configuration(
                "input.types", $"input.types.{column} is {other.SqlName()}, but ids are BIGINT or STRING"),
            _ => throw OneRecException.Input(
                "input.id-type",
                $"{Files.First}: column '{column}' is {ColumnTypes.Name(source.Native)}, but ids are BIGINT or STRING; "
                    + "rewrite the column as one of these"),
        };
    }

    /// <summary>
    /// The type that SQL reads a column as: its type, or that of nearly all of its first values; the others are then bad values.
    /// </summary>
    internal ColumnType? ReadTypeOf(SourceColumn column) => column.Texts?.BadNumbers()?.Type ?? column.Type;

    /// <summary>The unit of a time column, by its type and first values; null if it has no times.</summary>
    /// <exception cref="OneRecException">
    /// Its numbers are nanoseconds or dates such as 20240131, or mix units (exit 3).
    /// </exception>
    public InputTimeUnit? TimeUnitOf(string column)
    {
        SourceColumn source = _columns[column];
        return source.Type switch
        {
            ColumnType.BigInt or ColumnType.Double => NumberUnit(column),
            ColumnType.Timestamp => InputTimeUnit.Timestamp,
            ColumnType.Date => InputTimeUnit.Date,
            ColumnType.Text => SampledTimeUnit(column),
            null when source.Native is Decimal128Type => NumberUnit(column),
            _ => null,
        };
    }

    /// <summary>The first value that is no time in a column of which most are, and where: <c>row 2 has 'never'</c>; null if there is none.</summary>
    internal string? FirstNoTime(string column)
    {
        TypeInference texts = Sampled(column);
        return texts.TimeType is { } type && texts.Strays(type) is { AreMinority: true } strays
            ? $"{Place(strays.Place) ?? "it"} has '{strays.First}'"
            : null;
    }

    /// <summary>Checks that a column exists.</summary>
    /// <param name="column">The exact name.</param>
    /// <param name="key">The option that names it, for the message.</param>
    /// <exception cref="OneRecException">It does not exist, or not with the same type in every file (exit 3). The message suggests the nearest name.</exception>
    public void Require(string column, string key)
    {
        if (_columns.ContainsKey(column))
        {
            return;
        }

        ThrowIfUnreadable(column);
        string? nearest = NearestKey.Of(column, Columns);
        string hint = nearest is null ? $"it has {string.Join(", ", Columns)}" : $"did you mean '{nearest}'?";
        throw OneRecException.Input(
            "input.missing-column", $"{Files.First} has no column '{column}'; {hint} (set {key})");
    }

    /// <summary>Checks that SQL from the user names no column that exists but cannot be read.</summary>
    /// <exception cref="OneRecException">It names one: the column differs between files, or its type is not supported (exit 3).</exception>
    public virtual void RequireReadable(string? sql)
    {
    }

    /// <summary>Counts all rows of the source.</summary>
    public long CountRows(IQueryEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        using IMaterializedRelation count = Begin([]).Materialize(engine, rows => engine.Sql(
            SqlScript.Load(typeof(InputSource), "count_rows.sql"), ("source", rows)));
        return (long)RowReader.Read(engine.Collect(count))[0][0]!;
    }

    /// <summary>A note for the user about a column's type; null if there is none.</summary>
    /// <param name="column">The column.</param>
    /// <param name="type">The type that it is read as.</param>
    public string? TypeNotice(SourceColumn column, ColumnType? type)
    {
        ArgumentNullException.ThrowIfNull(column);
        if (column.Texts is { } texts && type is ColumnType.BigInt or ColumnType.Double && type != texts.Type
            && texts.Strays(type.Value) is { } strays)
        {
            return $"{Files.First}: column '{column.Name}' is read as {type.Value.SqlName()} because nearly all of its first values are; a "
                + $"value such as '{strays.First}' ({Place(strays.Place)}) makes a bad row; if it is right, set input.types.{column.Name}=STRING";
        }

        return column.Texts?.AlmostBigInt is { } text
            ? $"{Files.First}: column '{column.Name}' is read as STRING because of values such as '{text}', although nearly all are "
                + $"integers; if those are bad rows, set input.types.{column.Name}=BIGINT"
            : null;
    }

    /// <summary>The first column of SQL that a few texts among numbers make STRING, with one of them and the cure; null if there is none.</summary>
    internal string? StrayNotice(IEnumerable<string?> sqls) => sqls
        .SelectMany(sql => SqlIdentifiers.Columns(sql, Columns))
        .Where(c => _columns[c].Texts is { Type: ColumnType.Text })
        .Select(c => (Column: c, Strays: _columns[c].Texts!.Strays(ColumnType.Double)))
        .Where(c => c.Strays is { AreMinority: true })
        .Select(c => $"column '{c.Column}' is STRING because {Place(c.Strays!.Place) ?? "a row"} has '{c.Strays.First}', although most values "
            + $"are numbers; if that is a bad row, set input.types.{c.Column}=DOUBLE")
        .FirstOrDefault();

    /// <summary>The place of a sampled row, for messages: <c>row 78</c>; null if the source has no rows with numbers.</summary>
    internal virtual string? Place(int place) => null;

    /// <summary>What the first texts of a column are.</summary>
    internal TypeInference Sampled(string column)
    {
        if (_columns[column].Texts is { } known)
        {
            return known;
        }

        var inference = new TypeInference();
        foreach (string text in Values(column).Take(CsvSource.SampleRows))
        {
            inference.Add(text);
        }

        return inference;
    }

    /// <summary>Starts a read.</summary>
    /// <param name="check">Columns to check.</param>
    /// <param name="defaultReason">Reason for a bad row without an invalid column; null: there are no such rows.</param>
    internal abstract SourceRead Begin(IReadOnlyList<ReadColumn> check, string? defaultReason = null);

    /// <summary>Throws the reason if a column exists but cannot be read.</summary>
    protected virtual void ThrowIfUnreadable(string column)
    {
    }

    /// <summary>Columns that exist but cannot be read.</summary>
    internal virtual IEnumerable<string> UnreadableColumns => [];

    /// <summary>The first values of a column as text, in the order of the files, without nulls.</summary>
    internal abstract IEnumerable<string> Values(string column);

    private InputTimeUnit NumberUnit(string column)
    {
        IntegerTimes times = IntegerTimes.Of(Values(column).Take(CsvSource.SampleRows));
        return times.Unit ?? throw OneRecException.Input("input.time", $"{Files.First}: column '{column}' {times.Problem}");
    }

    private InputTimeUnit? SampledTimeUnit(string column)
    {
        TypeInference texts = Sampled(column);
        return texts.TimeUnit is { } unit ? unit
            : texts.Type is ColumnType.BigInt or ColumnType.Double ? NumberUnit(column)
            : texts.TimeType is { } type && texts.Strays(type) is null or { AreBadTimes: true }
                ? TypeInference.UnitOf(type) ?? NumberUnit(column)
                : null;
    }

    /// <summary>The partition columns in folder names, typed by their values.</summary>
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
                inference.Add(value);
            }

            bool given = declared.TryGetValue(name, out ColumnType type);
            yield return new SourceColumn(name, StringType.Default, given ? type : inference.Type, given);
        }
    }
}
