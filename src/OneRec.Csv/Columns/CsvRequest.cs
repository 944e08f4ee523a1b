using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Csv.Records;
using OneRec.Csv.Types;

namespace OneRec.Csv.Columns;

/// <summary>What to read from CSV files.</summary>
/// <param name="Fields">Number of fields in the header.</param>
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
    public char Separator { get; init; } = CsvFormat.Default.Separator;

    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    /// <summary>Whether every row has its location and text, since good rows may turn out to be bad later.</summary>
    public bool DetailsForAllRows { get; init; }

    /// <summary>The format of the files.</summary>
    [JsonIgnore]
    internal CsvFormat Format => new(MultiLine, Separator);

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
