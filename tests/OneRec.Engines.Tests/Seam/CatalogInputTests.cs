using OneRec.Core;
using OneRec.Engine;
using OneRec.Engine.Spark.Jvm;
using OneRec.Engines.Tests.Desks;
using OneRec.Inputs.Catalogue;
using OneRec.Inputs.Log;
using OneRec.Inputs.Options;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Seam;

/// <summary>Inputs that are tables of Spark's catalogs: their rows, and what tells that these changed.</summary>
public abstract class CatalogInputTests : IDisposable
{
    private static int _schemas;

    private readonly ScratchFolder _folder = new();
    private readonly SparkDesk _desk;
    private readonly string _schema = $"s{Interlocked.Increment(ref _schemas)}";

    protected CatalogInputTests(SparkDesk desk)
    {
        _desk = desk;
        Sql($"CREATE DATABASE {_schema} LOCATION '{_folder["ware house"]}'");
    }

    [Theory]
    [Trait(TestKind.Trait, TestKind.Deep)]
    [InlineData("parquet")]
    [InlineData("delta")]
    [InlineData("csv")]
    public void Rows_are_those_of_the_table(string format)
    {
        Sql($"CREATE TABLE {_schema}.log USING {format} PARTITIONED BY (day) AS {Rows(0, 300)}");
        string time = format == "parquet" ? "seconds" : "event_time";
        string[] rows = Read($"{_schema}.log", "item_id > 3 AND day = 'd1'", time);
        Assert.Equal(Count($"{_schema}.log", "item_id > 3 AND day = 'd1' AND event_time >= timestamp_seconds(1700000005)"), rows.Length);
        Assert.True(rows.Length > 50, $"{rows.Length} rows");
        Assert.Equal(rows, Read($"spark_catalog.{_schema}.log", "item_id > 3 AND day = 'd1'", time));
    }

    [Theory]
    [Trait(TestKind.Trait, TestKind.Deep)]
    [InlineData("parquet")]
    [InlineData("delta")]
    public void Catalogue_and_tags_are_read_from_tables(string format)
    {
        Sql($"CREATE TABLE {_schema}.items USING {format} AS SELECT id AS item_id, concat('n', id) AS title, map('a', 1) AS odd FROM range(20)");
        Sql($"CREATE TABLE {_schema}.tags USING {format} AS SELECT id % 20 AS item_id, concat('t', id % 3) AS tag FROM range(60)");
        using IEngine engine = Open();
        using ItemCatalogue catalogue = ItemCatalogue.Open(
            engine, new InputOptions { Items = $"{_schema}.items", Tags = $"{_schema}.tags" }, null, TimeProvider.System);
        List<string> rows = engine.SortedRows(catalogue.Items);
        Assert.Equal(20, rows.Count);
        Assert.Contains("7 | 'n7' | null | 't0, t1, t2' | null | null | '' | '' | null | 0", rows);
        OneRecException refused = Assert.Throws<OneRecException>(() => ItemCatalogue.Open(
            engine,
            new InputOptions { Items = $"{_schema}.items", ItemFields = new ItemFieldOptions { Caption = "odd" } },
            null,
            TimeProvider.System));
        Assert.Contains("column 'odd' has type map, which is not supported", refused.Message);
    }

    [Fact]
    public void Delta_table_is_read_at_the_version_that_the_plan_named()
    {
        Sql($"CREATE TABLE {_schema}.log USING delta AS {Rows(0, 50)}");
        using IEngine engine = Open();
        var input = new InputOptions { Interactions = $"{_schema}.log" };
        string planned = InteractionLog.Version(engine.Inputs, input);
        Sql($"INSERT INTO {_schema}.log {Rows(50, 80)}");
        using (InteractionLog log = InteractionLog.Open(engine, input, CancellationToken.None))
        {
            Assert.Equal(50, log.Clicks.Count);
        }

        Assert.Equal(planned, InteractionLog.Version(engine.Inputs, input));
        using IEngine next = Open();
        string changed = InteractionLog.Version(next.Inputs, input);
        Assert.NotEqual(planned, changed);
        using (InteractionLog log = InteractionLog.Open(next, input, CancellationToken.None))
        {
            Assert.Equal(80, log.Clicks.Count);
        }

        // Properties are not rows.
        Sql($"ALTER TABLE {_schema}.log SET TBLPROPERTIES ('note' = 'x')");
        Assert.Equal(changed, VersionOf("log"));
    }

    [Fact]
    [Trait(TestKind.Trait, TestKind.Deep)]
    public void Table_of_files_is_told_by_its_files_and_a_view_by_nothing()
    {
        Sql($"CREATE TABLE {_schema}.log USING parquet AS {Rows(0, 50)}");
        Sql($"CREATE VIEW {_schema}.seen AS SELECT * FROM {_schema}.log");
        string before = VersionOf("log");
        Assert.Equal(before, VersionOf("log"));
        Sql($"INSERT INTO {_schema}.log {Rows(50, 80)}");
        Assert.NotEqual(before, VersionOf("log"));
        Assert.NotEqual(VersionOf("seen"), VersionOf("seen"));
        using IEngine engine = Open();
        var input = new InputOptions { Interactions = $"{_schema}.seen" };
        Assert.Equal(InteractionLog.Version(engine.Inputs, input), InteractionLog.Version(engine.Inputs, input));
        using var log = InteractionLog.Open(engine, input, CancellationToken.None);
        Assert.Equal(80, log.Clicks.Count);
    }

    [Theory]
    [InlineData("nowhere.log")]
    [InlineData("nowhere.default.log")]
    [InlineData("spark_catalog.default.none")]
    [InlineData("from.select")]
    public void Name_of_nothing_is_refused_with_both_readings(string name)
    {
        using IEngine engine = Open();
        OneRecException refused = Assert.Throws<OneRecException>(
            () => InteractionLog.Version(engine.Inputs, new InputOptions { Interactions = name }));
        Assert.Equal(
            $"input.interactions: there is no file or folder {name}, and no table {name} in the catalogs of Spark; correct one or create it",
            refused.Message);
        Assert.Equal(ErrorKind.Input, refused.Kind);
    }

    public void Dispose()
    {
        Sql($"DROP DATABASE {_schema} CASCADE");
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private static string Rows(int from, int to) =>
        $"SELECT concat('u', id % 20) AS user_id, id % 9 AS item_id, timestamp_seconds(1700000000 + id) AS event_time, 1700000000 + id AS seconds, concat('d', id % 2) AS day FROM range({from}, {to})";

    private IEngine Open() => _desk.OpenShipped(_folder["tables"]);

    private string VersionOf(string table)
    {
        using IEngine engine = Open();
        return InteractionLog.Version(engine.Inputs, new InputOptions { Interactions = $"{_schema}.{table}" });
    }

    private string[] Read(string table, string where, string time)
    {
        using IEngine engine = Open();
        using var log = InteractionLog.Open(
            engine,
            new InputOptions { Interactions = table, Where = where, From = "2023-11-14T22:13:25Z", Columns = new InputColumns { Time = time } },
            CancellationToken.None);
        return [.. engine.SortedRows(log.TimedClicks.Rows)];
    }

    private int Count(string table, string where)
    {
        using JvmObject rows = _desk.Session.Session.Get("sql", $"SELECT * FROM {table} WHERE {where}");
        return (int)(long)rows.Call("count")!;
    }

    private void Sql(string statement)
    {
        using JvmObject done = _desk.Session.Session.Get("sql", statement);
    }
}

[Collection(Spark35Desk.Name)]
public sealed class CatalogInputsOnSpark35Tests(Spark35Desk desk) : CatalogInputTests(desk);

[Collection(Spark40Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class CatalogInputsOnSpark40Tests(Spark40Desk desk) : CatalogInputTests(desk);
