using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Csv.Json;
using OneRec.Csv.Records;
using OneRec.Csv.Types;

namespace OneRec.Csv.Columns;

/// <summary>What to read from CSV files, or from lines of JSON.</summary>
/// <param name="Fields">Number of fields of a record.</param>
/// <param name="MultiLine">Whether a quoted field may contain line breaks.</param>
/// <param name="Columns">The columns to read.</param>
public sealed record CsvRequest(int Fields, bool MultiLine, IReadOnlyList<CsvColumn> Columns)
{
    /// <summary>BIGINT: the file of a bad row, by the engine's number; otherwise null.</summary>
    public const string File = "onerec_file";

    /// <summary>BIGINT: the part of the file in which a bad row's number counts, by its first byte; otherwise null.</summary>
    public const string Block = "onerec_block";

    /// <summary>BIGINT: a bad row's record number, from 1, without the header; otherwise null.</summary>
    public const string Row = "onerec_row";

    /// <summary>STRING: a bad row's text, or its first line; otherwise null.</summary>
    public const string Text = "onerec_text";

    /// <summary>What separates fields.</summary>
    public string Separator { get; init; } = CsvFormat.Default.Separator!;

    /// <summary>Whether a quote is an ordinary character.</summary>
    public bool Unquoted { get; init; }

    /// <summary>Whether the first record is not a header.</summary>
    public bool Headerless { get; init; }

    /// <summary>How the text is encoded.</summary>
    public TextEncoding Encoding { get; init; }

    /// <summary>For lines of JSON, the keys that lead to each field, outermost first; null: the files are CSV.</summary>
    public IReadOnlyList<IReadOnlyList<string>>? JsonPaths { get; init; }

    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    /// <summary>Whether every row has its location and text, since good rows may turn out to be bad later.</summary>
    public bool DetailsForAllRows { get; init; }

    /// <summary>Whether the files begin with a header.</summary>
    [JsonIgnore]
    public bool HasHeader => !Headerless && JsonPaths is null;

    /// <summary>Whether an empty line is no record.</summary>
    [JsonIgnore]
    public bool SkipsEmptyLines => Fields > 1 || JsonPaths is not null;

    /// <summary>Number of columns of problems: the one of malformed records, then those of <see cref="CsvColumn.Check"/>.</summary>
    [JsonIgnore]
    public int Problems => 1 + Columns.Select(c => c.Check ?? 0).Append(0).Max();

    /// <summary>Number of values that are constant within a file.</summary>
    [JsonIgnore]
    public int FileValues => Columns.Select(c => c.Field + 1 - Fields).Append(0).Max();

    /// <summary>
    /// The columns of the batches: those requested, the problems (<see cref="Problem"/>), <see cref="File"/>, <see cref="Block"/>,
    /// <see cref="Row"/>, <see cref="Text"/>.
    /// </summary>
    [JsonIgnore]
    public Schema Schema => new(
        [
            .. Columns.Select(c => new Field(c.Name, TypeOf(c), nullable: true)),
            .. Enumerable.Range(0, Problems).Select(p => new Field(Problem(p), StringType.Default, nullable: true)),
            new Field(File, Int64Type.Default, nullable: true),
            new Field(Block, Int64Type.Default, nullable: true),
            new Field(Row, Int64Type.Default, nullable: true),
            new Field(Text, StringType.Default, nullable: true),
        ],
        null);

    /// <summary>The name of a column of problems, STRING, null if there is no problem.</summary>
    /// <param name="check">0: why a record is malformed; 1 or more: why the values of some columns cannot be read.</param>
    public static string Problem(int check) => $"onerec_problem_{check}";

    /// <summary>The request for files whose fields have another order.</summary>
    /// <param name="order">For each field of this request its place in those files; null: the same order.</param>
    public CsvRequest In(IReadOnlyList<int>? order) => order is null
        ? this
        : this with { Columns = [.. Columns.Select(c => c.Field < Fields ? c with { Field = order[c.Field] } : c)] };

    /// <summary>Creates a reader of a file or of a part of one.</summary>
    /// <param name="isStart">Whether it is the start of a file.</param>
    /// <param name="records">Receives the records, without the header.</param>
    /// <param name="cancellation">Checked before each block.</param>
    internal IRecordReader Reader(bool isStart, IRecordSink records, CancellationToken cancellation)
    {
        if (JsonPaths is { } paths)
        {
            return new JsonLinesReader(paths, records, cancellation);
        }

        var format = new CsvFormat(MultiLine, Separator) { Unquoted = Unquoted };
        return format.Reader(Fields, HasHeader && isStart ? -1 : 0, records, cancellation);
    }

    /// <summary>Writes the request as parameters of a kernel.</summary>
    public JsonObject ToJson() => JsonSerializer.SerializeToNode(this, Json)!.AsObject();

    /// <summary>Reads a request from parameters of a kernel.</summary>
    public static CsvRequest FromJson(JsonNode json) => json.Deserialize<CsvRequest>(Json)
        ?? throw new ArgumentException("the parameters are not a request", nameof(json));

    private static IArrowType TypeOf(CsvColumn column) => column.Type switch
    {
        _ when column.Unit is not null => Int64Type.Default,
        ColumnType.BigInt => Int64Type.Default,
        ColumnType.Double => DoubleType.Default,
        ColumnType.Boolean => BooleanType.Default,
        ColumnType.Date => Date32Type.Default,
        ColumnType.Timestamp => new TimestampType(Apache.Arrow.Types.TimeUnit.Microsecond, "UTC"),
        _ => StringType.Default,
    };
}
