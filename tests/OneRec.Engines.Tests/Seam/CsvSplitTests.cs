using OneRec.Cli;
using OneRec.Core;
using OneRec.Csv.Types;
using OneRec.Engine;
using OneRec.Engine.Spark.Jvm;
using OneRec.Engines.Tests.Desks;
using OneRec.Inputs.Log;
using OneRec.Inputs.Options;
using OneRec.Pipeline.Configuration;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Seam;

/// <summary>CSV that Spark splits is read as the local engine reads it whole: rows, bad rows, and where these lie.</summary>
public abstract class CsvSplitTests(SparkDesk desk) : IDisposable
{
    private const string Splits = "spark.sql.files.maxPartitionBytes";

    private readonly ScratchFolder _folder = new();

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, null)]
    [InlineData(false, "rating >= 3")]
    public void Rows_and_places_of_bad_rows_are_those_of_the_local_engine(bool multiLine, string? where)
    {
        InputOptions input = new()
        {
            Interactions = Write(),
            BadRows = BadRows.Quarantine,
            TimeUnit = InputTimeUnit.S,
            Where = where,
            Csv = new CsvOptions { MultiLine = multiLine },
            Types = new Dictionary<string, ColumnType> { ["item_id"] = ColumnType.BigInt, ["rating"] = ColumnType.BigInt },
        };
        using IEngine local = EngineFactory.Create(
            "local", new OneRecOptions { Tables = _folder["local"] }, TimeProvider.System, CancellationToken.None);
        string[] expected = Read(local, input);
        Assert.Contains(expected, r => r.StartsWith("untimed ", StringComparison.Ordinal));
        Assert.Contains(expected, r => r.Contains("has text after a closing quote", StringComparison.Ordinal));
        using IEngine spark = desk.OpenShipped(_folder["spark"]);
        Assert.Equal(expected, InSplits(() => Read(spark, input)));
    }

    [Fact]
    public void First_bad_row_of_a_later_split_is_named()
    {
        string file = _folder["one.csv"];
        File.WriteAllText(file, "user_id,item_id\n" + string.Concat(Enumerable.Range(1, 500).Select(n => n is 300 or 450 ? $"{n},x\n\n" : $"{n},{n}\n")));
        InputOptions input = new() { Interactions = file, Types = new Dictionary<string, ColumnType> { ["item_id"] = ColumnType.BigInt } };
        using IEngine spark = desk.OpenShipped(_folder["spark"]);
        using var log = InteractionLog.Open(spark, input, CancellationToken.None);
        OneRecException refused = InSplits(() => Assert.Throws<OneRecException>(() => log.Clicks));
        Assert.Equal(
            $"{file}: row 300: column 'item_id' has 'x', which is not a BIGINT; fix the row or set input.types.item_id (2 bad rows in total)",
            refused.Message);
    }

    [Fact]
    public void Gzip_that_is_cut_off_is_told()
    {
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest))
        {
            gzip.Write(System.Text.Encoding.UTF8.GetBytes(
                "user_id,item_id\n" + string.Concat(Enumerable.Range(0, 200_000).Select(n => $"{n * 7919L % 10_007},{n}\n"))));
        }

        string file = _folder["log.csv.gz"];
        File.WriteAllBytes(file, packed.ToArray()[..^2000]);
        using IEngine spark = desk.OpenShipped(_folder["spark"]);
        OneRecException refused = Assert.Throws<OneRecException>(
            () => InteractionLog.Open(spark, new InputOptions { Interactions = file }, CancellationToken.None).Dispose());
        Assert.Equal($"{file} is a truncated or corrupt gzip file; copy it again or rewrite it", refused.Message);
        Assert.Equal(ErrorKind.Input, refused.Kind);
    }

    [Theory]
    [InlineData(0, 512)]
    [InlineData(0, 70_000)]
    [InlineData((byte)'g', 512)]
    public void Gzip_with_bytes_after_its_end_is_told(byte value, int count)
    {
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest))
        {
            gzip.Write(System.Text.Encoding.UTF8.GetBytes(
                "user_id,item_id\n" + string.Concat(Enumerable.Range(0, 200_000).Select(n => $"{n * 7919L % 10_007},{n}\n"))));
        }

        string file = _folder["log.csv.gz"];
        File.WriteAllBytes(file, [.. packed.ToArray(), .. Enumerable.Repeat(value, count)]);
        using IEngine spark = desk.OpenShipped(_folder["spark"]);
        OneRecException refused = Assert.Throws<OneRecException>(() =>
        {
            using var log = InteractionLog.Open(spark, new InputOptions { Interactions = file }, CancellationToken.None);
            _ = log.Clicks.Count;
        });
        Assert.Equal($"{file} is a truncated or corrupt gzip file; copy it again or rewrite it", refused.Message);
    }

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private static string[] Read(IEngine engine, InputOptions input)
    {
        using var log = InteractionLog.Open(engine, input, CancellationToken.None);
        return
        [
            .. engine.SortedRows(log.Clicks.Rows), .. engine.SortedRows(log.TimedClicks.Rows),
            .. log.Clicks.BadRows.Select(b => $"untimed {b}"), .. log.TimedClicks.BadRows.Select(b => $"timed {b}"),
        ];
    }

    private string Write()
    {
        foreach ((string day, int seed) in new[] { ("2024-01-01", 1), ("2024-01-02", 2) })
        {
            Directory.CreateDirectory(_folder[$"log/day={day}"]);
            IEnumerable<string> lines = Enumerable.Range(1, 400).Select(n => (n * seed % 37) switch
            {
                3 => $"{n},x,1700000000,5",
                5 => $",{n},1700000000,4",
                7 => $"{n},{n},never,5",
                9 => $"{n},{n},1700000000,five",
                11 => $"{n},\"{n}\"1,1700000000,5",
                13 => $"{n},{n}",
                15 => "",
                17 => $"\"{n}\",\"{n}\",1700000000,1\r",
                19 => $"\"u\n{n}\",{n},1700000000,5",
                _ => $"é{n % 20},{n % 9},{1700000000 + n},{n % 6}",
            });
            File.WriteAllText(_folder[$"log/day={day}/part 1%.csv"], "\uFEFFuser_id,item_id,event_time,rating\r\n" + string.Join('\n', lines));
        }

        return _folder["log"];
    }

    private T InSplits<T>(Func<T> read)
    {
        using JvmObject settings = desk.Session.Session.Get("conf");
        string before = desk.Session.Setting(Splits);
        settings.Call("set", Splits, "700");
        try
        {
            return read();
        }
        finally
        {
            settings.Call("set", Splits, before);
        }
    }
}

[Collection(Spark35Desk.Name)]
public sealed class CsvSplitsOnSpark35Tests(Spark35Desk desk) : CsvSplitTests(desk);

[Collection(Spark40Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class CsvSplitsOnSpark40Tests(Spark40Desk desk) : CsvSplitTests(desk);
