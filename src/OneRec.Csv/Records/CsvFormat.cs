namespace OneRec.Csv.Records;

/// <summary>How the records of CSV files are written.</summary>
/// <param name="MultiLine">Whether a quoted field may contain line breaks.</param>
/// <param name="Separator">What separates fields: a comma, a semicolon, a vertical bar or a tab.</param>
public readonly record struct CsvFormat(bool MultiLine, char Separator)
{
    private static readonly (char Separator, string Name)[] Names = [(',', ","), (';', ";"), ('|', "|"), ('\t', "tab")];

    /// <summary>Commas, without line breaks in fields.</summary>
    public static CsvFormat Default { get; } = new(false, ',');

    /// <summary>The separators.</summary>
    public static IEnumerable<char> Separators => Names.Select(n => n.Separator);

    /// <summary>The usual format: commas.</summary>
    /// <param name="multiLine">Whether a quoted field may contain line breaks.</param>
    public static implicit operator CsvFormat(bool multiLine) => Default with { MultiLine = multiLine };

    /// <summary>The separator as options name it: a tab is <c>tab</c>.</summary>
    public string Name => NameOf(Separator);

    /// <summary>The name of a separator in options.</summary>
    public static string NameOf(char separator) => Names.Single(n => n.Separator == separator).Name;

    /// <summary>The separator of an option's value, its name or the character itself; null if it is none.</summary>
    public static char? SeparatorOf(string text) =>
        Names.Where(n => n.Name == text || n.Separator.ToString() == text).Select(n => (char?)n.Separator).FirstOrDefault();
}
