using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Csv.Records;
using OneRec.Csv.Types;
using OneRec.Inputs.Columns;
using OneRec.Inputs.Files;

namespace OneRec.Inputs.Sources;

/// <summary>Text files, CSV or lines of JSON, with the same columns, and the type of each column.</summary>
public sealed class CsvSource : FileSource
{
    /// <summary>Number of rows from which types are inferred.</summary>
    public const int SampleRows = 10_000;

    private readonly IReadOnlyList<SourceColumn> _columns;

    private CsvSource(InputFiles files, TextShape shape, IReadOnlyList<SourceColumn> columns, CsvFormat format)
        : base(files, columns) => (Shape, _columns, Format) = (shape, columns, format);

    /// <summary>Names of the columns in the files, without partition columns.</summary>
    public IReadOnlyList<string> Header => Shape.Header;

    /// <summary>How CSV is written, with its separator.</summary>
    public CsvFormat Format { get; }

    /// <inheritdoc/>
    public override bool HasRows => Shape.Records > 0;

    /// <summary>What the files have in common, and their first rows.</summary>
    internal TextShape Shape { get; }

    /// <summary>Reads the headers and a sample of the rows.</summary>
    /// <param name="files">The files.</param>
    /// <param name="csv">How CSV is written.</param>
    /// <param name="declared">Declared types by column name; the others are inferred.</param>
    /// <exception cref="OneRecException">
    /// A header is missing, or has an empty or duplicate name; or the headers of files differ (exit 3).
    /// </exception>
    public static new CsvSource Open(InputFiles files, CsvFormat csv, IReadOnlyDictionary<string, ColumnType> declared)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(declared);
        CsvFormat format = files.Format == InputFormat.Json ? CsvFormat.Default : csv.For(files.First);
        var shape = TextShape.Read(files, format, SampleRows);
        if (files.Partitions?.Columns.FirstOrDefault(c => shape.Header.Contains(c, StringComparer.OrdinalIgnoreCase)) is { } twice)
        {
            throw OneRecException.Input(
                "input.header", $"{files.Files[0]}: column '{twice}' is both in the header and in the folder names; rename one");
        }

        IEnumerable<SourceColumn> columns = shape.Header.Select((name, c) => Column(name, shape.Sample.Select(r => r.Fields[c]), declared));
        return new CsvSource(files, shape, [.. columns, .. FolderColumns(files.Partitions, declared)], format);
    }

    /// <inheritdoc/>
    internal override SourceRead Begin(IReadOnlyList<ReadColumn> check, string? defaultReason = null) => new CsvRead(this, check, defaultReason);

    /// <inheritdoc/>
    internal override IEnumerable<string> Values(string column)
    {
        int place = IndexOf(column);
        return place >= Header.Count
            ? Files.Partitions!.Values.Select(v => v[place - Header.Count]).OfType<string>()
            : Shape.Sample.Select(r => r.Fields[place]).OfType<string>();
    }

    /// <inheritdoc/>
    internal override string Place(int place)
    {
        SampledRow row = Shape.Sample[place];
        return $"row {row.Row}" + (row.File == Files.First ? "" : $" of {row.File}");
    }

    /// <inheritdoc/>
    protected override FileSource With(InputFiles files) => new CsvSource(files, Shape, _columns, Format);

    /// <inheritdoc/>
    protected override void ThrowIfUnreadable(string column)
    {
        if (OtherSeparator is { } other)
        {
            throw OneRecException.Input(
                "input.separator",
                $"{Files.First} has no column '{column}': its header is separated by {Words(other)}, not by {Words(Format.Separator!)}; set "
                    + $"{CsvKey}.separator={CsvFormat.NameOf(other)}");
        }

        if (Format.Header is null or { IsInFile: true } && Files.Format == InputFormat.Csv && LooksLikeValues)
        {
            throw OneRecException.Input(
                "input.header",
                $"{Files.First} has no column '{column}': its first row has values ({string.Join(", ", Header.Take(4))}{(Header.Count > 4 ? ", ..." : "")}), "
                    + $"not names; set {CsvKey}.header to a list with a name for each of its {Header.Count} columns");
        }
    }

    /// <summary>What seems to separate the header, if that is not the separator; null if nothing else does.</summary>
    internal string? OtherSeparator => Header.Count == 1 && Files.Format == InputFormat.Csv
        ? CsvFormat.Separators.Reverse().FirstOrDefault(s => s != Format.Separator && s != " " && Header[0].Contains(s, StringComparison.Ordinal))
        : null;

    // A name is no number; a column of a header may be named 2024, but hardly two.
    private bool LooksLikeValues => Header.Count > 1 && Header.Count(n => TypePatterns.Fits(ColumnType.Double, n)) >= Math.Min(2, Header.Count);

    // The option of the input alone, where it has one.
    private string CsvKey => Files.Key is "input.interactions" or "input.items" or "input.tags" ? $"input.csv.{Files.Key["input.".Length..]}" : "input.csv";

    private static string Words(string separator) => separator switch
    {
        "\t" => "tabs",
        "," => "commas",
        " " => "spaces",
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
}
