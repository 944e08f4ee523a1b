using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using OneRec.Core;
using OneRec.Csv.Records;

namespace OneRec.Inputs.Options;

/// <summary>How the CSV of one input is written, where the inputs differ. What is not set here is as in <c>input.csv</c>.</summary>
public record CsvInputOptions
{
    private const string Utf8 = "utf-8";
    private const string Windows1252 = "windows-1252";

    /// <summary>What separates fields.</summary>
    /// <value>
    /// <c>,</c>, <c>;</c>, <c>|</c>, <c>tab</c>, <c>space</c> or <c>::</c> (or the character itself, <c>\t</c> in JSON). Default null: what
    /// the file's name says: a tab for <c>.tsv</c>, <c>.tab</c>, <c>.inter</c> and <c>.item</c>, <c>::</c> for <c>.dat</c>, <c>|</c> for <c>.psv</c>,
    /// otherwise a comma.
    /// </value>
    public string? Separator { get; init; }

    /// <summary>Whether the first record has the names of the columns; or the names, if the file has none.</summary>
    /// <value>
    /// true, false (the columns are then <c>column1</c>, <c>column2</c> and so on) or a list with a name for each column. Default
    /// null: true.
    /// </value>
    public CsvHeader? Header { get; init; }

    /// <summary>Whether a field may be in quotes. If not, a quote is an ordinary character and a line is a record.</summary>
    /// <value>Default null: true, but false where <c>::</c> separates.</value>
    public bool? Quotes { get; init; }

    /// <summary>How the text is encoded.</summary>
    /// <value>
    /// <c>utf-8</c> or <c>windows-1252</c> (which reads ISO 8859-1, too). Default null: UTF-8, or UTF-16 if the file begins with its byte order mark.
    /// </value>
    public string? Encoding { get; init; }

    /// <summary>Whether a quoted field may contain line breaks. Such a file is parsed by one thread.</summary>
    /// <value>Default null: true for the catalogue and tags, false for the log.</value>
    public bool? MultiLine { get; init; }

    /// <summary>Adds a line per bad key; never throws.</summary>
    /// <param name="section">The section's key.</param>
    /// <param name="problems">Receives the lines.</param>
    internal void ValidateAs(string section, Problems problems)
    {
        problems.Require(
            Separator is null || CsvFormat.SeparatorOf(Separator) is not null, $"{section}.separator", $"must be one of {CsvFormat.SeparatorNames}", Separator);
        problems.Require(Encoding is null or Utf8 or Windows1252, $"{section}.encoding", $"must be {Utf8} or {Windows1252}", Encoding);
        string? twice = Header?.Names?.GroupBy(n => n, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1)?.Key;
        problems.Require(twice is null, $"{section}.header", $"must not have '{twice}' twice (names are case-insensitive)", Header);
    }

    /// <summary>The encoding; null: UTF-8 or, by its mark, UTF-16.</summary>
    internal TextEncoding? TextEncoding => Encoding switch
    {
        Windows1252 => Csv.Records.TextEncoding.Windows1252,
        null => null,
        _ => Csv.Records.TextEncoding.Utf8,
    };
}

/// <summary>Section <c>input.csv</c>: how CSV is written.</summary>
public sealed record CsvOptions : CsvInputOptions
{
    /// <summary>Section <c>input.csv.interactions</c>: the log.</summary>
    [JsonPropertyOrder(1)]
    public CsvInputOptions Interactions { get; init; } = new();

    /// <summary>Section <c>input.csv.items</c>: the catalogue.</summary>
    [JsonPropertyOrder(1)]
    public CsvInputOptions Items { get; init; } = new();

    /// <summary>Section <c>input.csv.tags</c>: the tags.</summary>
    [JsonPropertyOrder(1)]
    public CsvInputOptions Tags { get; init; } = new();

    /// <summary>Adds a line per bad key; never throws.</summary>
    public void Validate(Problems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        ValidateAs("input.csv", problems);
        Interactions.ValidateAs("input.csv.interactions", problems);
        Items.ValidateAs("input.csv.items", problems);
        Tags.ValidateAs("input.csv.tags", problems);
    }

    /// <summary>The format of an input's CSV.</summary>
    /// <param name="own">The input's own options.</param>
    /// <param name="multiLine">Whether a quoted field may contain line breaks, if no option says so.</param>
    /// <exception cref="ArgumentException">The separator is not valid.</exception>
    internal CsvFormat Format(CsvInputOptions? own, bool multiLine)
    {
        string? separator = own?.Separator ?? Separator;
        return new CsvFormat(
            own?.MultiLine ?? MultiLine ?? multiLine,
            separator is null ? null : CsvFormat.SeparatorOf(separator) ?? throw new ArgumentException($"{separator} is no separator", nameof(own)))
        {
            Unquoted = !(own?.Quotes ?? Quotes ?? true),
            Header = own?.Header ?? Header,
            Encoding = own?.TextEncoding ?? TextEncoding ?? Csv.Records.TextEncoding.Utf8,
        };
    }

    /// <summary>Adds what can change an input's rows to the parameters of a plan; defaults are left out.</summary>
    internal void AddTo(JsonObject parameters, CsvInputOptions own)
    {
        CsvFormat format = Format(own, false);
        if (format.Separator is not null && format.Separator != CsvFormat.Default.Separator)
        {
            parameters["separator"] = format.Name;
        }

        if (format.Header is { IsInFile: false } header)
        {
            parameters["header"] = header.ToString();
        }

        if (format.Unquoted && format.Separator != CsvFormat.Colons)
        {
            parameters["quotes"] = false;
        }

        if (format.Encoding != Csv.Records.TextEncoding.Utf8)
        {
            parameters["encoding"] = format.Encoding.ToString();
        }
    }
}
