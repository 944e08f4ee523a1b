using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Csv.Files;
using OneRec.Csv.Records;
using OneRec.Csv.Types;
using OneRec.Inputs.Columns;
using OneRec.Inputs.Files;

namespace OneRec.Inputs.Sources;

/// <summary>CSV files with the same header, and the type of each column.</summary>
public sealed class CsvSource : FileSource
{
    /// <summary>Number of rows from which types are inferred.</summary>
    public const int SampleRows = 10_000;

    private readonly IReadOnlyList<SourceColumn> _columns;
    private readonly IReadOnlyList<SampledRow> _sample;
    private readonly bool _hasRows;

    private CsvSource(
        InputFiles files,
        IReadOnlyList<string> header,
        IReadOnlyList<SourceColumn> columns,
        IReadOnlyList<SampledRow> sample,
        CsvFormat format,
        bool hasRows)
        : base(files, columns)
    {
        Header = header;
        _columns = columns;
        _sample = sample;
        Format = format;
        _hasRows = hasRows;
    }

    /// <summary>Names of the columns in the files, without partition columns.</summary>
    public IReadOnlyList<string> Header { get; }

    /// <summary>The separator, and whether a quoted field may contain line breaks.</summary>
    public CsvFormat Format { get; }

    /// <inheritdoc/>
    public override bool HasRows => _hasRows;

    /// <summary>Reads the headers and a sample of the rows.</summary>
    /// <param name="files">The files.</param>
    /// <param name="format">The separator, and whether a quoted field may contain line breaks.</param>
    /// <param name="declared">Declared types by column name; the others are inferred.</param>
    /// <exception cref="OneRecException">
    /// A header is missing, or has an empty or duplicate name; or the headers of files differ (exit 3).
    /// </exception>
    public static new CsvSource Open(InputFiles files, CsvFormat format, IReadOnlyDictionary<string, ColumnType> declared)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(declared);
        var sample = new List<SampledRow>();
        IReadOnlyList<string>? header = null;
        int seen = 0;
        foreach (string file in files.Files)
        {
            var head = CsvHead.Read(files.Csv(file), format, SampleRows - seen);
            header ??= head.Header;
            if (!head.Header.SequenceEqual(header))
            {
                throw OneRecException.Input(
                    "input.header", $"{file} has a different header from {files.Files[0]}; make the headers the same");
            }

            sample.AddRange(head.Rows.Select((fields, r) => new SampledRow(file, head.RowNumbers[r], fields)));
            seen += head.Records;
        }

        if (files.Partitions?.Columns.FirstOrDefault(c => header!.Contains(c, StringComparer.OrdinalIgnoreCase)) is { } twice)
        {
            throw OneRecException.Input(
                "input.header", $"{files.Files[0]}: column '{twice}' is both in the header and in the folder names; rename one");
        }

        IEnumerable<SourceColumn> columns = header!.Select((name, c) => Column(name, sample.Select(r => r.Fields[c]), declared));
        return new CsvSource(
            files, header!, [.. columns, .. FolderColumns(files.Partitions, declared)], sample, format, seen > 0);
    }

    /// <inheritdoc/>
    internal override SourceRead Begin(IReadOnlyList<ReadColumn> check, string? defaultReason = null) => new CsvRead(this, check, defaultReason);

    /// <inheritdoc/>
    internal override IEnumerable<string> Values(string column)
    {
        int place = IndexOf(column);
        return place >= Header.Count
            ? Files.Partitions!.Values.Select(v => v[place - Header.Count]).OfType<string>()
            : _sample.Select(r => r.Fields[place]).OfType<string>();
    }

    /// <inheritdoc/>
    internal override string Place(int place)
    {
        SampledRow row = _sample[place];
        return $"row {row.Row}" + (row.File == Files.First ? "" : $" of {row.File}");
    }

    /// <inheritdoc/>
    protected override FileSource With(InputFiles files) => new CsvSource(files, Header, _columns, _sample, Format, _hasRows);

    /// <inheritdoc/>
    protected override void ThrowIfUnreadable(string column)
    {
        if (OtherSeparator is { } other)
        {
            string cure = Format.Separator == ','
                ? $"separate fields with commas, or set input.csv.separator={CsvFormat.NameOf(other)} if all CSV inputs are like this"
                : $"separate fields with {Words(Format.Separator)} as input.csv.separator says, or write all CSV inputs alike";
            throw OneRecException.Input(
                "input.separator", $"{Files.First} has no column '{column}': its header is separated by {Words(other)}; {cure}");
        }
    }

    /// <summary>What seems to separate the header, if that is not the separator; null if nothing else does.</summary>
    internal char? OtherSeparator => Header.Count == 1 && Header[0].IndexOfAny([.. CsvFormat.Separators]) is >= 0 and int place
        ? Header[0][place]
        : null;

    private static string Words(char separator) => separator switch
    {
        '\t' => "tabs",
        ',' => "commas",
        _ => $"'{separator}'",
    };

    private static SourceColumn Column(string name, IEnumerable<string?> values, IReadOnlyDictionary<string, ColumnType> declared)
    {
        var inference = new TypeInference();
        int place = 0;
        foreach (string? value in values)
        {
            if (value is not null)
            {
                inference.Add(value, place);
            }

            place++;
        }

        bool given = declared.TryGetValue(name, out ColumnType type);
        return new SourceColumn(name, StringType.Default, given ? type : inference.Type, given)
        {
            Texts = given ? null : inference,
        };
    }

    private readonly record struct SampledRow(string File, int Row, string?[] Fields);
}
