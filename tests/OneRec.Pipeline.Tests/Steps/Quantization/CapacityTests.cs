using OneRec.Core;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Assign;
using OneRec.Pipeline.Steps.Train;

namespace OneRec.Pipeline.Tests.Steps.Quantization;

/// <summary>At most so many items an ID, and published IDs that end.</summary>
public sealed class CapacityTests
{
    private const string Ids =
        "SELECT item_id, sid, slot, nearest_code, first_code, deleted_at FROM semantic_ids ORDER BY item_id, deleted_at NULLS LAST, slot";

    private static readonly TrainOptions Small = new() { Levels = 2, Codes = [3, 16], Epochs = 2, Refine = 1 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void No_id_has_more_items_than_it_may_and_prefixes_without_an_overflow_are_untouched(bool texts)
    {
        TestItem[] items = [.. TestItem.Many(90, 3, 6, 21, texts)];
        using var free = new QuantizationDesk(Small);
        free.Embed(items);
        free.Run("train", "assign");
        List<object?[]> nearest = free.Query("semantic_ids", Ids);

        using var desk = new QuantizationDesk(Small);
        desk.Options = desk.Options with { Sections = [new AssignOptions { MaxItemsPerId = 3 }] };
        desk.Embed(items);
        RunSummary run = desk.Run("train", "assign");
        List<object?[]> spread = desk.Query("semantic_ids", Ids);

        Assert.True(nearest.GroupBy(r => r[1]).Max(g => g.Count()) > 3);
        Assert.Equal(3, spread.GroupBy(r => r[1]).Max(g => g.Count()));
        Assert.Equal(nearest.Select(r => r[3]), spread.Select(r => r[3]));
        HashSet<string> overfull = [.. nearest.GroupBy(r => r[1]).Where(g => g.Count() > 3).Select(g => Prefix(g.Key))];
        foreach ((object?[] before, object?[] after) in nearest.Zip(spread))
        {
            Assert.Equal(Prefix(before[1]), Prefix(after[1]));
            Assert.True(overfull.Contains(Prefix(before[1])) || Equals(before[1], after[1]));
        }

        int moved = nearest.Zip(spread).Count(p => !Equals(p.First[1], p.Second[1]));
        Assert.Equal($"{moved}", run.Steps[1].Facts.Single(f => f.Name == "moved for room").Value);
        Assert.Equal(spread.Count, spread.Select(r => (r[1], r[2])).Distinct().Count());
    }

    [Fact]
    public void Items_that_find_no_room_exceed_the_limit_or_fail_the_step_by_setting()
    {
        TestItem[] items = TestItem.Many(60, 3, 6, 22);
        using var desk = new QuantizationDesk(Small with { Codes = [2, 4] });
        desk.Embed(items);
        desk.Options = desk.Options with { Sections = [new AssignOptions { MaxItemsPerId = 2, OnFull = WhenFull.Fail }] };
        OneRecException full = Assert.Throws<OneRecException>(() => desk.Run("train", "assign"));

        Assert.Equal((ErrorKind.Input, "assign.full"), (full.Kind, full.Code));
        Assert.Matches(
            @"^no code has room for 44 items under assign\.maxItemsPerId=2, such as an item of ID \d-\d; "
            + @"raise assign\.maxItemsPerId, train more codes for the last level, or set assign\.onFull=exceed$",
            full.Message);
        Assert.Equal(-1, desk.Version("semantic_ids"));

        desk.Options = desk.Options with { Sections = [new AssignOptions { MaxItemsPerId = 2 }] };
        RunSummary run = desk.Run("train", "assign");
        Assert.Equal("44", run.Steps[1].Facts.Single(f => f.Name == "over the limit").Value);
        Assert.Equal(60, desk.Query("semantic_ids", Ids).Count);
    }

    [Fact]
    public void Appended_items_find_the_places_that_published_ones_leave()
    {
        TestItem[] items = TestItem.Many(120, 3, 6, 23);
        using var desk = new QuantizationDesk(Small with { Codes = [3, 28] });
        desk.Options = desk.Options with { Sections = [new AssignOptions { MaxItemsPerId = 4 }] };
        desk.Embed(items[..60]);
        desk.Run("train", "assign");
        desk.Publish();
        Dictionary<long, string> before = desk.Query("semantic_ids", Ids).ToDictionary(r => (long)r[0]!, r => (string)r[1]!);
        desk.Embed(items[60..], append: true);
        desk.Run("assign");

        List<object?[]> after = desk.Query("semantic_ids", Ids);
        Assert.Equal(120, after.Count);
        Assert.All(after.Where(r => before.ContainsKey((long)r[0]!)), r => Assert.Equal(before[(long)r[0]!], r[1]));
        Assert.Equal(4, after.GroupBy(r => r[1]).Max(g => g.Count()));
    }

    [Fact]
    public void A_deleted_item_frees_its_place_but_not_its_slot()
    {
        TestItem[] items = TestItem.Many(40, 3, 6, 24);
        using var desk = new QuantizationDesk(Small);
        desk.Embed(items);
        desk.Run("train", "assign");
        desk.Publish();
        List<object?[]> before = desk.Query("semantic_ids", Ids);
        TestItem[] embedded = [.. items.Select(item => item with { Vector = null })];
        desk.Embed([.. embedded.Select((item, at) => item with { Deleted = at < 3 })]);
        RunSummary run = desk.Run("assign");

        Assert.Equal("3", run.Steps[0].Facts.Single(f => f.Name == "ids deleted").Value);
        List<object?[]> after = desk.Query("semantic_ids", Ids);
        Assert.Equal(40, after.Count);
        Assert.Equal(3, after.Count(r => r[5] is not null));
        Assert.Equal(before.Select(r => (r[0], r[1], r[2])), after.Select(r => (r[0], r[1], r[2])));
        Assert.True(desk.Run("assign").Steps[0].UpToDate);

        // Back again: a row of its own, with a slot that nobody had.
        desk.Embed(embedded);
        desk.Run("assign");
        List<object?[]> again = desk.Query("semantic_ids", Ids);
        Assert.Equal(43, again.Count);
        Assert.Equal(40, again.Count(r => r[5] is null));
        Assert.Equal(43, again.Select(r => (r[1], r[2])).Distinct().Count());
    }

    [Theory]
    [InlineData(WhenChanged.Keep, 0)]
    [InlineData(WhenChanged.Reassign, 5)]
    public void A_changed_item_keeps_its_published_id_or_gets_another_row_by_setting(WhenChanged changed, int rows)
    {
        TestItem[] items = TestItem.Many(40, 3, 6, 25);
        using var desk = new QuantizationDesk(Small);
        desk.Options = desk.Options with { Sections = [new AssignOptions { Changed = changed }] };
        desk.Embed(items);
        desk.Run("train", "assign");
        desk.Publish();
        TestItem[] now =
        [
            .. items.Select((item, at) => at < 5 ? item with { Vector = [.. item.Vector!.Select(v => -v)], Hash = $"changed{at}" } : item with { Vector = null }),
        ];
        desk.Embed(now);
        desk.Run("assign");

        List<object?[]> after = desk.Query("semantic_ids", Ids);
        Assert.Equal(40 + rows, after.Count);
        Assert.Equal(rows, after.Count(r => r[5] is not null));
        Assert.Equal(40, after.Count(r => r[5] is null));
        Assert.Equal(after.Count, after.Select(r => (r[1], r[2])).Distinct().Count());
    }

    private static string Prefix(object? sid) => ((string)sid!).Split('-')[0];
}
