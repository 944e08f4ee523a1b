using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Csv.Types;

namespace OneRec.Csv.Columns;

/// <summary>What is to be read of CSV files.</summary>
/// <param name="Fields">Fields of the header.</param>
/// <param name="MultiLine">Whether a quoted field may hold line breaks.</param>
/// <param name="Columns">The columns.</param>
public sealed record CsvRequest(int Fields, bool MultiLine, IReadOnlyList<CsvColumn> Columns)
{
    /// <summary>BIGINT: the file of a row that is bad, as the engine numbers files; else null.</summary>
    public const string File = "onerec_file";

    /// <summary>BIGINT: the part of the file that a bad row's number counts in, by its first byte; else null.</summary>
    public const string Block = "onerec_block";

    /// <summary>BIGINT: a bad row's record, from 1, the header not counted; else null.</summary>
    public const string Row = "onerec_row";

    /// <summary>STRING: a bad row's text, or its first line; else null.</summary>
    public const string Text = "onerec_text";

    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    /// <summary>Whether every row has its place and text, as rows may be found bad later on.</summary>
    public bool Places { get; init; }

    /// <summary>Number of columns of problems: the one of malformed records, then those of <see cref="CsvColumn.Check"/>.</summary>
    [JsonIgnore]
    public int Problems => 1 + Columns.Select(c => c.Check ?? 0).Append(0).Max();

    /// <summary>How many columns read values that are the same for a whole file.</summary>
    [JsonIgnore]
    public int ValuesOfFile => Columns.Select(c => c.Field + 1 - Fields).Append(0).Max();

    /// <summary>
    /// The columns of batches: those asked for, the problems (<see cref="Problem"/>), <see cref="File"/>, <see cref="Block"/>,
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

    /// <summary>The request as parameters of a kernel.</summary>
    public JsonObject ToJson() => JsonSerializer.SerializeToNode(this, Json)!.AsObject();

    /// <summary>A request from parameters of a kernel.</summary>
    public static CsvRequest FromJson(JsonNode json) => json.Deserialize<CsvRequest>(Json)
        ?? throw new ArgumentException("no request", nameof(json));

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
