using System.Text.RegularExpressions;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Engine.Tables;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Tables;
using OneRec.Testing;

namespace OneRec.Cli.Tests.Job;

/// <summary>docs/tables.md against the definitions of the tables; its queries run.</summary>
public sealed class TablesPageTests(JsonOutputTests.Tables made) : IClassFixture<JsonOutputTests.Tables>
{
    private const string View = "current_ids";

    private static readonly Dictionary<string, string> Sections = Regex
        .Split(File.ReadAllText(Path.Combine(Desk.Root, "docs", "tables.md")), "^## ", RegexOptions.Multiline)
        .Skip(1)
        .ToDictionary(s => s[..s.IndexOf('\n')], s => s);

    public static TheoryData<string> Names => [.. Sections.Keys];

    [Fact]
    public void Page_has_every_table_with_its_columns_and_their_types()
    {
        TableDefinition[] tables =
        [
            .. StepComposition.All.Steps.SelectMany(s => s.Description.Writes).Select(w => w.Definition(Int64Type.Default)).DistinctBy(t => t.Name),
            OneRecTables.Failures(), OneRecTables.Runs(),
        ];
        Assert.Equal(StepCatalogue.TablesOf(StepComposition.All.Steps).Append(View).Order(StringComparer.Ordinal), Sections.Keys.Order(StringComparer.Ordinal));
        Assert.All(tables, table => Assert.Equal(
            table.Schema.FieldsList.Select(f => $"{f.Name} {Type(f)}"),
            Regex.Matches(Sections[table.Name], @"^\| `(\w+)` \| ([^|]+) \|", RegexOptions.Multiline).Select(m => $"{m.Groups[1].Value} {m.Groups[2].Value}")));
        Assert.All(tables.Where(t => t.PartitionColumns.Count > 0), table =>
            Assert.Contains($"Partitioned by `{string.Join("`, `", table.PartitionColumns)}`.", Sections[table.Name], StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Query_of_a_section_runs(string name)
    {
        string query = Regex.Match(Sections[name], "```sql\n(.+?)```", RegexOptions.Singleline).Groups[1].Value;
        Assert.Contains(name, query, StringComparison.Ordinal);
        Assert.Contains(":", made.Run($"sql|{query}"), StringComparison.Ordinal);
    }

    private static string Type(Field column) => column.DataType switch
    {
        Int64Type when column.Name.EndsWith("item_id", StringComparison.Ordinal) => "id",
        Int64Type => "bigint",
        Int32Type => "int",
        DoubleType => "double",
        FloatType => "float",
        StringType => "string",
        TimestampType => "timestamp",
        ListType { ValueDataType: FloatType } => "array of float",
        ListType { ValueDataType: Int32Type } => "array of int",
        var other => other.Name,
    };
}
