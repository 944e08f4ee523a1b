using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Csv.Types;
using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engines.Tests.Desks;
using OneRec.Inputs.Log;
using OneRec.Inputs.Options;
using OneRec.Testing;
using ParquetSharp.Arrow;

namespace OneRec.Engines.Tests.Steps;

/// <summary>Values that do not fit the type of the others, and whole numbers written as text, are read alike on both engines.</summary>
public abstract class StrayValueTests(EngineDesk desk) : IDisposable
{
    private readonly ScratchFolder _folder = new();

    [Fact]
    public void Stray_value_is_a_bad_row_with_its_number()
    {
        string file = Write(n => n == 700 ? "n/a,2,1700000000" : $"{n},{n % 9},{1_700_000_000 + n}", 1_500);
        using IEngine engine = desk.OpenShipped(_folder["tables"]);
        using var log = InteractionLog.Open(engine, new InputOptions { Interactions = file }, CancellationToken.None);
        OneRecException refused = Assert.Throws<OneRecException>(() => log.Clicks);
        Assert.Equal(
            $"{file}: row 700: column 'user_id' has 'n/a', which is not a BIGINT; fix the row or set input.types.user_id (1 bad row in total)",
            refused.Message);
        using var kept = InteractionLog.Open(engine, new InputOptions { Interactions = file, BadRows = BadRows.Quarantine }, CancellationToken.None);
        Assert.Equal((1_499L, 700L), (kept.TimedClicks.Count, kept.TimedClicks.BadRows.Single().Row));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Declared_bigint_takes_whole_numbers_written_as_text(bool parquet)
    {
        string[] ids = ["0005", "3.0", "-0", "7", "99999999999999999999", "1.50", "0009223372036854775807.000000"];
        string file = Write(n => $"{n},{ids[n - 1]},1", ids.Length);
        if (parquet)
        {
            file = WriteParquet(ids);
        }

        using IEngine engine = desk.OpenShipped(_folder["tables"]);
        var input = new InputOptions
        {
            Interactions = file,
            BadRows = BadRows.Quarantine,
            Types = new Dictionary<string, ColumnType> { ["item_id"] = ColumnType.BigInt },
        };
        using var log = InteractionLog.Open(engine, input, CancellationToken.None);
        Assert.Equal(
            ["1 | 5 | 0", "2 | 3 | 0", "3 | 0 | 0", "4 | 7 | 0", "7 | 9223372036854775807 | 0"], engine.SortedRows(log.Clicks.Rows));
        Assert.Equal(2, log.Clicks.BadRows.Count);
    }

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private string WriteParquet(string[] ids)
    {
        Schema schema = new(
            [
                new Field("user_id", Int64Type.Default, nullable: false),
                new Field("item_id", StringType.Default, nullable: false),
                new Field("event_time", Int64Type.Default, nullable: false),
            ],
            null);
        object?[][] rows = [.. ids.Select((id, n) => new object?[] { n + 1L, id, 1L })];
        using var writer = new FileWriter(_folder["log.parquet"], schema);
        using RecordBatch batch = RowReader.Build(schema, rows);
        writer.WriteRecordBatch(batch);
        writer.Close();
        return _folder["log.parquet"];
    }

    private string Write(Func<int, string> row, int rows)
    {
        string file = _folder["log.csv"];
        File.WriteAllText(file, "user_id,item_id,event_time\n" + string.Concat(Enumerable.Range(1, rows).Select(n => row(n) + "\n")));
        return file;
    }
}

public sealed class StrayValuesOnLocalTests() : StrayValueTests(new LocalDesk());

[Collection(Spark35Desk.Name)]
public sealed class StrayValuesOnSpark35Tests(Spark35Desk desk) : StrayValueTests(desk);

[Collection(Spark40Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class StrayValuesOnSpark40Tests(Spark40Desk desk) : StrayValueTests(desk);
