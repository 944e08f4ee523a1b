using System.Text.Json.Nodes;
using Apache.Arrow.Types;
using OneRec.Csv.Columns;
using OneRec.Csv.Types;
using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engine.Scripts;
using OneRec.Engine.Sources;
using OneRec.Engine.Tables;
using OneRec.Engines.Tests.Desks;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Hashing;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Thin;

/// <summary>Runs <c>tests/cases/thin</c> on an engine.</summary>
public static class ThinCase
{
    private static readonly string Folder = Path.Combine(Desk.Root, "tests", "cases", "thin");

    /// <summary>Text, SQL, kernel, table, and the table read back, sorted.</summary>
    public static (List<string> Rows, WriteResult Written) Run(IEngine engine)
    {
        JsonNode @case = Read("case.json");
        JsonNode expected = Read((string)@case["expected"]!);
        string[] columns = [.. @case["columns"]!.AsArray().Select(c => (string)c!)];
        var request = new CsvRequest(
            columns.Length, MultiLine: true, [.. columns.Select((c, n) => new CsvColumn(c, c, n, ColumnType.Text))]);
        IRelation text = engine.ReadCsv(new CsvFiles([Path.Combine(Folder, (string)@case["input"]!)], request));
        SqlScript script = new SqlScript(File.ReadAllText(Path.Combine(Folder, (string)@case["sql"]!)))
            .With("tokens_version", (string)expected["tokens_version"]!)
            .With("least", (long)expected["least"]!);
        IRelation rows = engine.Sql(script, ("catalogue", text));
        KernelCall kernel = (string)@case["kernel"]! == ContentHashKernel.Name
            ? ContentHashKernel.Call(Int64Type.Default)
            : throw new InvalidDataException("the case names another kernel");
        IRelation hashed = engine.Map(rows, kernel, PartitionShape.Any);
        string table = (string)@case["table"]!;
        WriteResult written = engine.Write(
            hashed,
            new TableWrite(new TableDefinition(table, kernel.Output, []), new WriteMode.Append(), new CommitNote("thin", "run", "f")));
        return (engine.SortedRows(engine.ReadTable(table)), written);
    }

    /// <summary>The rows that <c>generate.py</c> computed.</summary>
    public static List<string> Expected()
    {
        JsonNode @case = Read("case.json");
        List<string> rows = [.. Read((string)@case["expected"]!)["rows"]!.AsArray().Select(row => string.Join(
            " | ",
            row!.AsArray().Select((cell, i) => i == 0 ? ((long)cell!).ToString() : RowText.Text((string?)cell))))];
        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    private static JsonNode Read(string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, file)))!;
}
