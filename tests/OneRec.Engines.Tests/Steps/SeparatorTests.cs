using OneRec.Core;
using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engines.Tests.Desks;
using OneRec.Inputs.Catalogue;
using OneRec.Inputs.Log;
using OneRec.Inputs.Options;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Steps;

/// <summary>CSV with other separators, and inputs of several paths, are read alike on both engines.</summary>
public abstract class SeparatorTests(EngineDesk desk) : IDisposable
{
    private readonly ScratchFolder _folder = new();

    [Theory]
    [InlineData(";")]
    [InlineData("|")]
    [InlineData("tab")]
    public void Log_catalogue_and_tags(string separator)
    {
        char s = separator == "tab" ? '\t' : separator[0];
        InputOptions input = new()
        {
            Interactions = new InputPaths([Write("a.csv", $"user_id{s}item_id\n1{s}1\n"), Write("more/b.csv", $"user_id{s}item_id\n\"2\"{s}2\n3{s}1\n")]),
            Items = Write("items.csv", $"item_id{s}title\n1{s}\"a{s}b\n\"\"c\"\", d\"\n2{s}e, f\n"),
            Tags = Write("tags.csv", $"item_id{s}tag\n1{s}x,y\n1{s}z\n"),
            Csv = new CsvOptions { Separator = separator },
        };
        using IEngine engine = desk.OpenShipped(_folder["tables"]);
        using var log = InteractionLog.Open(engine, input, CancellationToken.None);
        Assert.Equal(["1 | 1 | 0", "2 | 2 | 0", "3 | 1 | 0"], engine.SortedRows(log.Clicks.Rows));
        using var catalogue = ItemCatalogue.Open(engine, input, null, TimeProvider.System);
        Assert.Equal(
            [$"1: a{s}b\n\"c\", d (x,y, z)", "2: e, f ()"],
            RowReader.Read(engine.Collect(catalogue.Items)).Select(r => $"{r[0]}: {r[1]} ({r[3]})").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Bad_row_is_told_by_its_own_file_of_several()
    {
        InputOptions input = new()
        {
            Interactions = new InputPaths([Write("b.csv", "user_id;item_id\n1;1\n"), Write("a.csv", "user_id;item_id\n1;1\n1;2;3\n")]),
            Csv = new CsvOptions { Separator = ";" },
        };
        using IEngine engine = desk.OpenShipped(_folder["tables"]);
        using var log = InteractionLog.Open(engine, input, CancellationToken.None);
        Assert.Equal(
            $"{_folder["a.csv"]}: row 2 has 3 fields, but the header has 2", Assert.Throws<OneRecException>(() => log.Clicks).Message);
    }

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private string Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        File.WriteAllText(_folder[name], text);
        return _folder[name];
    }
}

public sealed class SeparatorsOnLocalTests() : SeparatorTests(new LocalDesk());

[Collection(Spark35Desk.Name)]
public sealed class SeparatorsOnSpark35Tests(Spark35Desk desk) : SeparatorTests(desk);

[Collection(Spark40Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class SeparatorsOnSpark40Tests(Spark40Desk desk) : SeparatorTests(desk);
