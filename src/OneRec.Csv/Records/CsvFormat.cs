namespace OneRec.Csv.Records;

/// <summary>How the records of text files are written.</summary>
/// <param name="MultiLine">Whether a quoted field may contain line breaks.</param>
/// <param name="Separator">What separates fields: one of <see cref="Separators"/>; null: what the file's name says.</param>
public readonly record struct CsvFormat(bool MultiLine, string? Separator)
{
    /// <summary>The separator of two characters, as in MovieLens's <c>.dat</c> files. Its files have no quotes.</summary>
    public const string Colons = "::";

    private const string Comma = ",";

    private static readonly (string Separator, string Name)[] Names =
        [(Comma, ","), (";", ";"), ("|", "|"), ("\t", "tab"), (" ", "space"), (Colons, Colons)];

    // RecBole's atomic files are separated by tabs whatever they hold.
    private static readonly (string Extension, string Separator)[] Extensions =
        [(".tsv", "\t"), (".tab", "\t"), (".inter", "\t"), (".item", "\t"), (".psv", "|"), (".dat", Colons)];

    /// <summary>Commas, without line breaks in fields.</summary>
    public static CsvFormat Default { get; } = new(false, Comma);

    /// <summary>The separators.</summary>
    public static IEnumerable<string> Separators => Names.Select(n => n.Separator);

    /// <summary>The names of the separators, for messages: <c>, ; | tab</c>.</summary>
    public static string SeparatorNames => string.Join(' ', Names.Select(n => n.Name));

    /// <summary>Whether a quote is an ordinary character; with <see cref="Colons"/> it always is.</summary>
    public bool Unquoted
    {
        get => field || Separator == Colons;
        init;
    }

    /// <summary>Where the names of the columns are; null: in the first record.</summary>
    public CsvHeader? Header { get; init; }

    /// <summary>How text is encoded.</summary>
    public TextEncoding Encoding { get; init; }

    /// <summary>The usual format: commas.</summary>
    /// <param name="multiLine">Whether a quoted field may contain line breaks.</param>
    public static implicit operator CsvFormat(bool multiLine) => Default with { MultiLine = multiLine };

    /// <summary>The separator as options name it: a tab is <c>tab</c>.</summary>
    /// <exception cref="InvalidOperationException">The separator is still open.</exception>
    public string Name => NameOf(Separator ?? throw new InvalidOperationException("the separator depends on the file"));

    /// <summary>The name of a separator in options.</summary>
    public static string NameOf(string separator) => Names.Single(n => n.Separator == separator).Name;

    /// <summary>The separator of an option's value, its name or the characters themselves; null if it is none.</summary>
    public static string? SeparatorOf(string text) =>
        Names.Where(n => n.Name == text || n.Separator == text).Select(n => n.Separator).FirstOrDefault();

    /// <summary>The separator that a file's name, without <c>.gz</c> or <c>.zst</c>, says; the comma if it says none.</summary>
    public static string SeparatorByName(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        string extension = Path.GetExtension(CompressedName.Without(file));
        return Extensions.FirstOrDefault(e => e.Extension.Equals(extension, StringComparison.OrdinalIgnoreCase)).Separator ?? Comma;
    }

    /// <summary>The format with the separator that a file's name says, where none is given.</summary>
    public CsvFormat For(string file) => Separator is null ? this with { Separator = SeparatorByName(file) } : this;

    /// <summary>Creates a reader of a file or of a part of one.</summary>
    /// <param name="columns">Number of fields in the header; 0: any number.</param>
    /// <param name="before">Number of records before the first one; -1 if the first one is the header.</param>
    /// <param name="records">Receives the records, without the header.</param>
    /// <param name="cancellation">Checked before each block.</param>
    internal IRecordReader Reader(int columns, long before, IRecordSink records, CancellationToken cancellation) => Unquoted
        ? new SplitReader(columns, Separator!, before, records, cancellation)
        : new RecordReader(columns, this, before, records, cancellation);
}

/// <summary>How text is encoded.</summary>
public enum TextEncoding
{
    /// <summary>UTF-8; or UTF-16, if the file begins with its byte order mark.</summary>
    Utf8,

    /// <summary>Windows-1252, a superset of the printable characters of ISO 8859-1 (Latin-1).</summary>
    Windows1252,
}
