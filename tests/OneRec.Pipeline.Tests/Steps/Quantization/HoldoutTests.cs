using System.Globalization;
using OneRec.Core;
using OneRec.Inputs.Options;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Evaluate;
using OneRec.Pipeline.Steps.Swing;
using OneRec.Pipeline.Steps.Train;
using OneRec.Testing;

namespace OneRec.Pipeline.Tests.Steps.Quantization;

/// <summary>Held-out neighbours against the definition in plain loops.</summary>
public sealed class HoldoutTests : IDisposable
{
    private static readonly TrainOptions Small = new() { Levels = 2, Codes = [5, 3], Epochs = 3, Refine = 1 };
    private static readonly SwingOptions Swing = new() { TopK = 4, MaxItemUsers = 20, MinUserItems = 2 };

    private readonly ScratchFolder _files = new();

    [Theory]
    [InlineData("users:0.3", false)]
    [InlineData("users:0.3", true)]
    [InlineData("time:0.25", false)]
    [InlineData("time:0.4", true)]
    public void Held_out_neighbours_are_those_of_the_definition(string holdout, bool texts)
    {
        TestItem[] items = TestItem.Many(25, 4, 6, 41, texts);
        string[] lines = Log(items, 900, 42);
        using QuantizationDesk desk = Desk(lines, holdout);
        desk.Embed(items);
        RunSummary run = desk.Run("train", "assign", "evaluate");

        (string Item, string Similar)[] partners = Partners(lines, holdout, desk.Options.Seed, texts);
        Dictionary<string, string[]> ids = desk
            .Query("semantic_ids", "SELECT CAST(item_id AS STRING), sid FROM semantic_ids")
            .ToDictionary(r => (string)r[0]!, r => ((string)r[1]!).Split('-'));
        Assert.NotEmpty(partners);
        Dictionary<(string, int?), double> measures = Measures(desk, run.RunId);
        Assert.Equal(partners.Length, measures[("evaluate.holdout_neighbours", null)]);
        for (int level = 0; level < 2; level++)
        {
            double share = partners.Average(p => ids[p.Item].Take(level + 1).SequenceEqual(ids[p.Similar].Take(level + 1)) ? 1.0 : 0);
            Assert.Equal(share, measures[("evaluate.holdout_neighbour_share", level)], 1e-12);
            Assert.InRange(measures[("evaluate.neighbour_chance", level)], 0, 1);
        }

        Assert.DoesNotContain(measures.Keys, k => k.Item1 == "evaluate.in_sample_neighbour_share");
        Assert.Equal(-1, desk.Version("item_similarity"));
        Assert.Matches(
            @"^0\.?\d* \(chance 0\.\d+\)$",
            run.Steps[2].Facts.Single(f => f.Name == "held-out Swing neighbours with the same first code").Value);
        Assert.Contains(desk.ToldLines, line => line.StartsWith("evaluate: training part: ", StringComparison.Ordinal));
        Assert.Contains(desk.ToldLines, line => line.StartsWith("evaluate: held-out part: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Another_holdout_another_swing_or_another_log_is_other_work()
    {
        TestItem[] items = TestItem.Many(25, 4, 6, 43);
        string[] lines = Log(items, 600, 44);
        using QuantizationDesk desk = Desk(lines, "none");
        desk.Embed(items);
        desk.Run("train", "assign", "evaluate");
        bool UpToDate(Func<OneRecOptions, OneRecOptions> change)
        {
            desk.Options = change(desk.Options);
            return desk.Run("evaluate").Steps[0].UpToDate;
        }

        OneRecOptions Held(OneRecOptions options, string holdout) => options with { Sections = [new EvaluateOptions { Holdout = holdout }] };
        Assert.True(UpToDate(o => o with { Sections = [o.Section<SwingOptions>() with { TopK = 3 }] }));
        Assert.False(UpToDate(o => Held(o, "users:0.3")));
        Assert.True(UpToDate(o => Held(o, "users:0.30")));
        Assert.False(UpToDate(o => Held(o, "users:0.4")));
        Assert.False(UpToDate(o => Held(o, "time:0.4")));
        Assert.False(UpToDate(o => o with { Sections = [o.Section<SwingOptions>() with { TopK = 5 }] }));
        File.AppendAllText(_files["log.csv"], lines[0] + "\n");
        Assert.False(UpToDate(o => o));
        Assert.True(UpToDate(o => o));
        Assert.False(UpToDate(o => Held(o, "none")));
    }

    [Fact]
    public void A_part_without_interactions_is_refused()
    {
        TestItem[] items = TestItem.Many(10, 4, 3, 45);
        string[] lines = [.. items.SelectMany(i => new[] { $"1,{i.Id},7", $"2,{i.Id},7" })];
        using QuantizationDesk desk = Desk(lines, "time:0.5");
        desk.Options = desk.Options with { Sections = [Small with { Codes = [2] }] };
        desk.Embed(items);
        desk.Run("train", "assign");
        OneRecException refused = Assert.Throws<OneRecException>(() => desk.Run("evaluate"));
        Assert.Equal(
            $"evaluate.holdout=time:0.5: the held-out part of {_files["log.csv"]} has no interaction that swing can use; "
                + "set another share, or evaluate.holdout=none",
            refused.Message);
        Assert.Equal(ErrorKind.Input, refused.Kind);
        Assert.All(desk.Query("quality", "SELECT metric FROM quality"), row => Assert.StartsWith("train.", (string)row[0]!), throwIfEmpty: true);
    }

    [Theory]
    [InlineData("users")]
    [InlineData("users:")]
    [InlineData("users:0")]
    [InlineData("users:0.0")]
    [InlineData("users:1")]
    [InlineData("users:1.5")]
    [InlineData("users:0.1:0.2")]
    [InlineData("users:-0.1")]
    [InlineData("users:0.1e1")]
    [InlineData("users:0,1")]
    [InlineData("time:0.1234567")]
    [InlineData("items:0.1")]
    [InlineData("Time:0.1")]
    [InlineData("")]
    [InlineData(":0.1")]
    public void What_is_no_holdout_is_refused(string text)
    {
        var problems = new Problems();
        new EvaluateOptions { Holdout = text }.Validate(problems);
        Assert.Equal(
            [
                "evaluate.holdout must be none, users:SHARE or time:SHARE, with SHARE above 0, below 1 and at most 6 decimals, "
                    + $"such as users:0.1 (got {text})",
            ],
            problems.Lines);
    }

    [Theory]
    [InlineData("users:0.5", "80000000", 5)]
    [InlineData("users:0.1", "1999999a", 9)]
    [InlineData("time:0.000001", "000010c7", 10)]
    [InlineData("time:0.999999", "ffffef3a", 1)]
    public void Shares_are_exact(string text, string below, long earlierOfTen)
    {
        Assert.True(Holdout.TryParse(text, out Holdout? holdout));
        Assert.Equal((below, earlierOfTen), (holdout!.HashBelow(), holdout.Earlier(10)));
    }

    public void Dispose() => _files.Dispose();

    private QuantizationDesk Desk(string[] lines, string holdout)
    {
        File.WriteAllText(_files["log.csv"], "user_id,item_id,event_time\n" + string.Join('\n', lines) + "\n");
        var desk = new QuantizationDesk(Small);
        desk.Options = desk.Options with
        {
            Sections = [Swing, new EvaluateOptions { Holdout = holdout }],
            Input = new InputOptions { Interactions = _files["log.csv"] },
        };
        return desk;
    }

    // Few times, so that many interactions share the one at the cut.
    private static string[] Log(TestItem[] items, int clicks, ulong seed)
    {
        var draw = new SplitMix64(seed);
        return [.. Enumerable.Range(0, clicks).Select(_ => string.Create(
            CultureInfo.InvariantCulture,
            $"{draw.NextBelow(60)},{items[draw.NextBelow(items.Length)].Id},{1_600_000_000 + draw.NextBelow(20)}"))];
    }

    private static (string, string)[] Partners(string[] lines, string holdout, long seed, bool texts)
    {
        double share = double.Parse(holdout.Split(':')[1], CultureInfo.InvariantCulture);
        HashSet<string> HeldOut()
        {
            if (holdout.StartsWith("users", StringComparison.Ordinal))
            {
                return [.. lines.Where(l => StableHash.Order32(seed, "holdout", l.Split(',')[0]) < share * 4294967296.0)];
            }

            string[] times = [.. lines.Select(l => l.Split(',')[2]).Order(StringComparer.Ordinal)];
            string cut = times[(int)Math.Ceiling((1 - share) * times.Length) - 1];
            return [.. lines.Where(l => string.CompareOrdinal(l.Split(',')[2], cut) > 0)];
        }

        HashSet<string> heldOut = HeldOut();
        (string, string)[] Similar(bool held) =>
        [
            .. SwingReference.Rows([.. lines.Where(l => heldOut.Contains(l) == held)], Swing, seed, texts)
                .Select(row => row.Split('|'))
                .Select(f => (f[0], f[1])),
        ];
        return [.. Similar(held: true).Except(Similar(held: false))];
    }

    private static Dictionary<(string, int?), double> Measures(QuantizationDesk desk, string run) => desk
        .Query("quality", "SELECT metric, level, value, run_id FROM quality WHERE metric LIKE 'evaluate.%'")
        .Where(r => (string)r[3]! == run)
        .ToDictionary(r => ((string)r[0]!, (int?)r[1]), r => (double)r[2]!);
}
