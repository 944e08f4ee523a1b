using System.Globalization;
using OneRec.Core;
using OneRec.Engine.Tables;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Publish;
using OneRec.Pipeline.Steps.Train;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Tests.Steps.Quantization;

/// <summary>What a codebook must keep to be published, and the way back.</summary>
public sealed class PublishGatesTests : IDisposable
{
    private const string Generations = "SELECT generation, codebook_id, run_id FROM published ORDER BY generation";

    private readonly QuantizationDesk _desk = new(new TrainOptions { Levels = 2, Codes = [3], Epochs = 2, Refine = 1 });
    private readonly TestItem[] _items = TestItem.Many(120, 3, 6, 6);

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void First_codebook_is_published_and_its_gates_are_told()
    {
        _desk.Embed(_items);
        RunSummary run = _desk.Run("train", "assign", "evaluate", "publish");
        Assert.Contains("publish: gate: items without embedding 0% (at most 20%, publish.gates.withoutEmbedding)", _desk.ToldLines);
        Assert.DoesNotContain(_desk.ToldLines, l => l.Contains("IDs lost", StringComparison.Ordinal));
        Assert.Contains("publish: gate: codes used at the level with the fewest 100% (no limit, publish.gates.utilization)", _desk.ToldLines);
        Fact fact = run.Steps[^1].Facts.Single(f => f.Name == "items without embedding");
        Assert.Equal(("0% (at most 20%)", """{"value":0,"limit":0.2,"broken":false}"""), (fact.Value, fact.Json!.ToJsonString()));
    }

    [Fact]
    public void Codebook_with_fewer_ids_changes_nothing_until_the_limit_is_raised()
    {
        string first = Published();
        _desk.Embed([.. _items.Select((item, i) => item with { Deleted = i < 30, Hash = "h2" })]);
        Retrain(seed: 6);
        OneRecException e = Refused("publish");
        Assert.Equal((ErrorKind.Table, "publish.gate"), (e.Kind, e.Code));
        Assert.EndsWith(
            "is not published: IDs lost 25% (at most 5%, publish.gates.rowDrop); look into it, or raise the limit", e.Message, StringComparison.Ordinal);
        Assert.Equal([first], Codebooks());

        // The cure that is named.
        Set(new PublishGates { RowDrop = 0.25 });
        _desk.Run("publish");
        Assert.Equal(2, Codebooks().Length);
    }

    [Fact]
    public void Items_without_embedding_are_counted_by_content()
    {
        _desk.Embed([.. _items.Select((item, i) => i < 30 ? item with { Vector = null } : i < 42 ? item with { EmbeddedHash = "before" } : item)]);
        _desk.Run("train", "assign");
        Assert.Contains("items without embedding 35% (at most 20%, publish.gates.withoutEmbedding)", Refused("publish").Message, StringComparison.Ordinal);
        Set(new PublishGates { WithoutEmbedding = null });
        _desk.Run("publish");
    }

    [Fact]
    public void Moved_items_are_those_with_other_codes_and_every_broken_limit_is_named()
    {
        Published();
        Retrain(seed: 6);
        List<object?[]> counted = _desk.Query(
            "semantic_ids",
            """
            SELECT count(*) AS all_ids, CAST(sum(CASE WHEN a.sid <> b.sid THEN 1 ELSE 0 END) AS BIGINT) AS moved
            FROM semantic_ids AS a JOIN semantic_ids AS b ON a.item_id = b.item_id AND a.codebook_id < b.codebook_id
            """);
        double moved = (long)counted[0][1]! / (double)(long)counted[0][0]!;
        Assert.InRange(moved, 0.1, 1);
        Set(new PublishGates { Moved = moved - 0.01, Collisions = 0, RowDrop = 0 });
        OneRecException e = Refused("publish");
        Assert.Contains($"items whose codes change {(100 * moved).ToString("0.##", CultureInfo.InvariantCulture)}% (at most ", e.Message, StringComparison.Ordinal);
        Assert.Contains("collision rate ", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("rowDrop", e.Message, StringComparison.Ordinal);
        Set(new PublishGates { Moved = moved + 0.001 });
        _desk.Run("publish");
    }

    [Fact]
    public void Limit_of_a_measure_that_nobody_took_names_the_command_that_takes_it()
    {
        _desk.Embed(_items);
        _desk.Run("train", "assign");
        Set(new PublishGates { Utilization = 0.5 });
        OneRecException e = Refused("publish");
        Assert.Equal("publish.not-evaluated", e.Code);
        Assert.Matches("run 'onerec evaluate --set codebook=[0-9a-f]{16}' first$", e.Message);
        _desk.Run("evaluate");
        _desk.Run("publish");
        Assert.Single(Codebooks());
    }

    [Fact]
    public void Utilization_is_that_of_the_level_with_the_fewest_codes_in_use()
    {
        _desk.Embed(_items);
        _desk.Run("train", "assign", "evaluate");
        Set(new PublishGates { Utilization = 1 });
        _desk.Run("publish");
        Assert.Single(Codebooks());
    }

    [Fact]
    public void Rollback_adds_a_generation_of_the_codebook_before_and_a_retry_does_not_go_back_again()
    {
        string first = Published();
        Retrain(seed: 6);
        Set(new PublishGates { RowDrop = 0 });
        _desk.Run("publish");
        string second = Codebooks()[1];
        Rollback("back");
        _desk.Run("publish");
        Assert.Equal([first, second, first], Codebooks());
        Assert.True(_desk.Run("publish").Steps[0].UpToDate);
        Assert.Equal(3, Codebooks().Length);
        Rollback("forth");
        _desk.Run("publish");
        Assert.Equal([first, second, first, second], Codebooks());
    }

    [Fact]
    public void Rollback_to_a_codebook_whose_ids_are_gone_is_refused()
    {
        Published();
        Retrain(seed: 6);
        _desk.Run("publish");
        string first = Codebooks()[0];
        _desk.With(engine => QuantizationDesk.Committed(engine.Write(
            engine.FromRows(engine.Tables.State("semantic_ids")!.Schema, []),
            new TableWrite(
                OneRecTables.SemanticIds(Apache.Arrow.Types.Int64Type.Default),
                new WriteMode.Replace(new Dictionary<string, string> { ["codebook_id"] = first }),
                new CommitNote("assign", "r", "f")))));
        Rollback("back");
        Assert.Equal("publish.no-ids", Refused("publish").Code);
        Assert.Equal(2, Codebooks().Length);
    }

    [Fact]
    public void Rollback_without_a_codebook_before_is_refused()
    {
        Published();
        Rollback("back");
        OneRecException e = Refused("publish");
        Assert.Equal(
            ("publish.no-previous", "published: only one codebook was ever published, so there is none to go back to"), (e.Code, e.Message));
    }

    [Theory]
    [InlineData("rowDrop", -0.1)]
    [InlineData("moved", 1.5)]
    [InlineData("drift", 0)]
    [InlineData("drift", double.PositiveInfinity)]
    public void Limit_out_of_range_is_a_problem_of_the_configuration(string key, double value)
    {
        var problems = new Problems();
        PublishGates gates = key switch
        {
            "rowDrop" => new PublishGates { RowDrop = value },
            "moved" => new PublishGates { Moved = value },
            _ => new PublishGates { Drift = value },
        };
        new PublishOptions { Gates = gates }.Validate(problems);
        Assert.StartsWith($"publish.gates.{key} must be ", Assert.Single(problems.Lines), StringComparison.Ordinal);
    }

    private string Published()
    {
        _desk.Embed(_items);
        _desk.Run("train", "assign", "evaluate", "publish");
        return Assert.Single(Codebooks());
    }

    private void Retrain(long seed)
    {
        _desk.Options = _desk.Options with { Seed = seed, Run = new RunSection { Retrain = true } };
        _desk.Run("train", "assign", "evaluate");
        _desk.Options = _desk.Options with { Run = new RunSection() };
    }

    private void Set(PublishGates gates) => Set(new PublishOptions { Gates = gates }, null);

    private void Rollback(string run) => Set(new PublishOptions { Rollback = true }, run);

    private void Set(PublishOptions publish, string? run) => _desk.Options = _desk.Options with
    {
        Sections = [_desk.Options.Section<TrainOptions>(), publish],
        Run = new RunSection { Id = run },
    };

    private OneRecException Refused(string step) => Assert.Throws<OneRecException>(() => _desk.Run(step));

    private string[] Codebooks() => [.. _desk.Query("published", Generations).Select(row => (string)row[1]!)];
}
