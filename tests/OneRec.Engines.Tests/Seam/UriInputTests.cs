using System.IO.Compression;
using OneRec.Cli;
using OneRec.Core;
using OneRec.Csv.Types;
using OneRec.Engine;
using OneRec.Engine.Spark.Jvm;
using OneRec.Engines.Tests.Desks;
using OneRec.Inputs.Catalogue;
using OneRec.Inputs.Files;
using OneRec.Inputs.Log;
using OneRec.Inputs.Options;
using OneRec.Inputs.Sources;
using OneRec.Inputs.Vectors;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Seam;

/// <summary>
/// Inputs at URIs give what the same files at plain paths give. The file system <c>viewfs</c>, mounted on a local folder, is one
/// that only Hadoop can read.
/// </summary>
public abstract class UriInputTests : IDisposable
{
    private const string LogSql =
        """
        SELECT concat('u', id % 20) AS user_id, id % 9 AS item_id, 1700000000 + id AS event_time, id % 6 AS rating,
          CASE WHEN id % 2 = 0 THEN 'de' ELSE 'é x' END AS country
        FROM range(0, 400, 1, 3)
        """;

    private static int _mounts;

    private readonly ScratchFolder _folder = new();
    private readonly SparkDesk _desk;
    private readonly IEngine _spark;
    private readonly string _root;

    protected UriInputTests(SparkDesk desk)
    {
        _desk = desk;
        _spark = desk.OpenShipped(_folder["tables"]);
        _root = $"viewfs://m{Environment.ProcessId}x{Interlocked.Increment(ref _mounts)}";
        using JvmObject hadoop = desk.Session.Context.Get("hadoopConfiguration");
        hadoop.Call("set", $"fs.viewfs.mounttable.{_root["viewfs://".Length..]}.link./data", $"file://{_folder.Path}");
    }

    [Theory]
    [Trait(TestKind.Trait, TestKind.Deep)]
    [InlineData("log.csv")]
    [InlineData("packed.csv.gz")]
    [InlineData("lines.csv", true)]
    [InlineData("parquet")]
    [InlineData("hive")]
    [InlineData("hive csv")]
    [InlineData("delta")]
    [InlineData("days/d[12]*/*.csv")]
    public void Rows_and_versions_are_those_of_plain_paths(string name, bool multiLine = false)
    {
        Write(name);
        using IEngine local = EngineFactory.Create(
            "local", new OneRecOptions { Tables = _folder["local"] }, TimeProvider.System, CancellationToken.None);
        string[] expected = Read(local, _folder[name], multiLine);
        Assert.True(expected.Length > 50, $"{expected.Length} rows");
        Assert.Equal(expected, Read(_spark, _folder[name], multiLine));
        Assert.Equal(expected, Read(_spark, $"file://{_folder[name]}", multiLine));
        Assert.Equal(expected, Read(_spark, Uri(name), multiLine));
    }

    [Fact]
    [Trait(TestKind.Trait, TestKind.Deep)]
    public void Catalogue_with_tags_is_that_of_plain_paths()
    {
        File.WriteAllText(_folder["items.csv"], string.Concat(
            "item_id,title\n", string.Concat(Enumerable.Range(0, 50).Select(n => $"{n},\"Name \"\"{n}\"\"\nof é\"\n"))));
        Save("SELECT id % 50 AS item_id, concat('t', id % 7) AS tag FROM range(200)", "parquet", "tags");
        string[] Items(string items, string tags)
        {
            using ItemCatalogue catalogue = ItemCatalogue.Open(
                _spark, new InputOptions { Items = items, Tags = tags }, null, TimeProvider.System);
            return [.. _spark.SortedRows(catalogue.Items)];
        }

        string[] plain = Items(_folder["items.csv"], _folder["tags"]);
        Assert.Equal(50, plain.Length);
        Assert.Equal(plain, Items(Uri("items.csv"), Uri("tags")));
    }

    [Fact]
    [Trait(TestKind.Trait, TestKind.Deep)]
    public void Steps_that_ran_on_uris_are_up_to_date_on_the_same_files_at_paths()
    {
        Write("log.csv");
        File.WriteAllText(_folder["items.csv"], "item_id,title\n" + string.Concat(Enumerable.Range(0, 9).Select(n => $"{n},t{n}\n")));
        StepSummary[] Run(Func<string, string> place) =>
        [
            .. new JobRunner(
                _spark,
                new OneRecOptions
                {
                    Tables = _folder["tables"],
                    Threads = 2,
                    Input = new InputOptions { Items = place("items.csv"), Interactions = place("log.csv") },
                },
                new QuietObserver(),
                TimeProvider.System,
                StepComposition.All).Run(["ingest", "swing"], CancellationToken.None).Steps,
        ];
        Assert.All(Run(Uri), step => Assert.True(step is { UpToDate: false, Rows: > 0 }, step.Step));
        Assert.All(Run(Uri), step => Assert.True(step.UpToDate, step.Step));
        Assert.All(Run(name => _folder[name]), step => Assert.True(step.UpToDate, step.Step));
    }

    [Fact]
    public void Bad_rows_are_named_by_their_uri()
    {
        File.WriteAllText(
            _folder["a b%.csv"],
            "user_id,item_id\n" + string.Concat(Enumerable.Range(1, 500).Select(n => n is 300 or 450 ? $"{n},x\n" : $"{n},{n}\n")));
        InputOptions input = new() { Interactions = Uri("a b%.csv"), Types = new Dictionary<string, ColumnType> { ["item_id"] = ColumnType.BigInt } };
        using var log = InteractionLog.Open(_spark, input, CancellationToken.None);
        Assert.Equal(
            $"{Uri("a b%.csv")}: row 300: column 'item_id' has 'x', which is not a BIGINT; fix the row or set input.types.item_id (2 bad rows in total)",
            Assert.Throws<OneRecException>(() => log.Clicks).Message);
        using var kept = InteractionLog.Open(_spark, input with { BadRows = BadRows.Quarantine }, CancellationToken.None);
        Assert.Equal([(Uri("a b%.csv"), 300L), (Uri("a b%.csv"), 450L)], kept.Clicks.BadRows.Select(b => (b.Source, b.Row!.Value)));
    }

    [Fact]
    public void What_cannot_be_read_is_told_in_one_line()
    {
        Write("log.csv");
        File.WriteAllText(_folder["x.xyz"], "");
        Refused(ErrorKind.Input, $"input.interactions: there is no file or folder {Uri("none.csv")}", Uri("none.csv"));
        Refused(ErrorKind.Input, $"input.interactions: no .csv, .tsv, .jsonl or .parquet file matches {Uri("n*.csv")}", Uri("n*.csv"));
        Refused(
            ErrorKind.Input,
            $"input.interactions: {Uri("x.xyz")} is not a .csv, .tsv, .jsonl or .parquet file; rename or convert it",
            Uri("x.xyz"));
        Refused(
            ErrorKind.Configuration,
            "input.interactions: moon://a/log: Spark has no file system for moon://; correct the scheme, or add its jars (spark.jars or spark.jars.packages)",
            "moon://a/log");
        File.WriteAllText(_folder["text.parquet"], new string('x', 5000));
        Refused(
            ErrorKind.Input,
            $"{Uri("text.parquet")} is not a complete Parquet file: it is truncated or damaged; copy or write it again",
            Uri("text.parquet"));
        OneRecException refused = Assert.Throws<OneRecException>(() => InteractionLog.Version(
            _spark.Inputs, new InputOptions { Interactions = Uri("log.csv"), Hash = InputHash.Content }));
        Assert.Equal(ErrorKind.Configuration, refused.Kind);
        Assert.EndsWith("set input.hash=stat", refused.Message);
    }

    [Theory]
    [Trait(TestKind.Trait, TestKind.Deep)]
    [InlineData("hive csv")]
    [InlineData("parquet")]
    public void File_that_goes_before_it_is_read_is_named(string name)
    {
        Write(name);
        InputSource source = InputSource.Open(
            InputFiles.Open(_spark.Inputs, "input.interactions", Uri(name)), false, new Dictionary<string, ColumnType>());
        string file = source.Files.Files[^1];
        File.Delete(file.Replace(Uri(""), _folder.Path + "/"));
        OneRecException refused = Assert.Throws<OneRecException>(() => source.CountRows(_spark));
        Assert.Equal($"input.interactions: {file} is no longer there; run the command again", refused.Message);
        Assert.Equal(ErrorKind.Input, refused.Kind);
    }

    [Fact]
    public void Version_changes_with_a_file()
    {
        Write("log.csv");
        var input = new InputOptions { Interactions = Uri("log.csv") };
        string before = InteractionLog.Version(_spark.Inputs, input);
        Assert.Equal(before, InteractionLog.Version(_spark.Inputs, input));
        File.AppendAllText(_folder["log.csv"], "u1,1,1700000000,5\n");
        Assert.NotEqual(before, InteractionLog.Version(_spark.Inputs, input));
    }

    [Fact]
    [Trait(TestKind.Trait, TestKind.Deep)]
    public void Vectors_are_those_of_plain_paths()
    {
        Save("SELECT id AS item_id, array(array(CAST(id AS FLOAT), 2.5F)) AS tokens FROM range(30)", "parquet", "vectors");
        using JvmObject ids = _desk.Session.Session.Get("sql", "SELECT id * 2 AS item_id FROM range(20)");
        var rows = new Engine.Spark.Relations.SparkRelation(ids);
        List<string> Attached(string path) => _spark.SortedRows(
            _spark.AttachVectors(rows, VectorInput.Open(_spark.Inputs, new InputOptions { Tokens = path }, TimeProvider.System).Source));
        List<string> plain = Attached(_folder["vectors"]);
        Assert.Equal(20, plain.Count);
        Assert.Equal(plain, Attached(Uri("vectors")));
    }

    public void Dispose()
    {
        _spark.Dispose();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private string Uri(string name) => $"{_root}/data/{name}";

    private void Refused(ErrorKind kind, string message, string path)
    {
        OneRecException refused = Assert.Throws<OneRecException>(
            () => InteractionLog.Open(_spark, new InputOptions { Interactions = path }, CancellationToken.None).Dispose());
        Assert.Equal(message, refused.Message);
        Assert.Equal(kind, refused.Kind);
    }

    private static string[] Read(IEngine engine, string path, bool multiLine)
    {
        var input = new InputOptions
        {
            Interactions = path,
            Where = "rating >= 2 AND country = 'de'",
            Csv = new CsvOptions { MultiLine = multiLine },
            From = "2023-11-14T22:13:25Z",
        };
        using var log = InteractionLog.Open(engine, input, CancellationToken.None);
        return [.. engine.SortedRows(log.TimedClicks.Rows), $"of {log.CountSource()}", InteractionLog.Version(engine.Inputs, input)];
    }

    private void Write(string name)
    {
        switch (name)
        {
            case "parquet":
                Save(LogSql, "parquet", name);
                break;
            case "hive":
                Save(LogSql, "parquet", name, "country");
                break;
            case "hive csv":
                Csv($"{name}/country=de/day=1/p.csv", n => n % 2 == 0, country: false);
                Csv($"{name}/country=%C3%A9%20x/day=2/p q.csv", n => n % 2 == 1, country: false);
                break;
            case "delta":
                Save(LogSql, "delta", name, "country");
                using (JvmObject changed = _desk.Session.Session.Get("sql", $"DELETE FROM delta.`{_folder[name]}` WHERE country <> 'de'"))
                {
                }

                break;
            case "packed.csv.gz":
                Csv("unpacked", _ => true);
                using (var packed = new GZipStream(File.Create(_folder[name]), CompressionLevel.Fastest))
                {
                    packed.Write(File.ReadAllBytes(_folder["unpacked"]));
                }

                break;
            case "days/d[12]*/*.csv":
                Csv("days/d1/a.csv", n => n % 3 == 0);
                Csv("days/d2b/b.csv", n => n % 3 == 1);
                Csv("days/d3/c.csv", n => n % 3 == 2);
                break;
            default:
                Csv(name, _ => true);
                break;
        }
    }

    private void Csv(string name, Predicate<int> has, bool country = true)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        string user = name == "lines.csv" ? "\"u\n{0}\"" : "u{0}";
        File.WriteAllText(_folder[name], $"user_id,item_id,event_time,rating{(country ? ",country" : "")}\n" + string.Concat(
            Enumerable.Range(0, 400).Where(n => has(n)).Select(n =>
                $"{string.Format(null, user, n % 20)},{n % 9},{1700000000 + n},{n % 6}{(country ? n % 2 == 0 ? ",de" : ",é x" : "")}\n")));
    }

    private void Save(string sql, string format, string name, params IReadOnlyList<string> partitions)
    {
        using JvmObject rows = _desk.Session.Session.Get("sql", sql);
        using JvmObject writer = rows.Get("write").Get("format", format).Get(
            "partitionBy", _desk.Session.Jvm.Array("java.lang.String", [.. partitions]));
        writer.Call("save", _folder[name]);
    }
}

[Collection(Spark35Desk.Name)]
public sealed class UriInputsOnSpark35Tests(Spark35Desk desk) : UriInputTests(desk);

[Collection(Spark40Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class UriInputsOnSpark40Tests(Spark40Desk desk) : UriInputTests(desk);
