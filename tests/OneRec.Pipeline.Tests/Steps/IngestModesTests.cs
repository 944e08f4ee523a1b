using OneRec.Core;
using OneRec.Inputs.Options;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Ingest;

namespace OneRec.Pipeline.Tests.Steps;

/// <summary>Snapshots, versions of duplicates, images.</summary>
public sealed class IngestModesTests : IDisposable
{
    private readonly StepBench _bench = new();

    [Fact]
    public void In_a_snapshot_a_missing_item_is_deleted_once()
    {
        DateTimeOffset first = _bench.Clock.Now;
        var snapshot = new IngestOptions { Mode = IngestMode.Snapshot, MaxDeleted = 0.5 };
        _bench.Write("items.csv", "item_id,title\n1,one\n2,two\n3,three\n");
        Ingest(snapshot);
        _bench.Clock.Now = first.AddHours(1);
        _bench.Write("items.csv", "item_id,title\n1,one\n3,THREE\n");
        Assert.Equal(["new 0", "changed 1", "revived 0", "deleted 1", "same 1"], Facts(Ingest(snapshot)));
        Assert.Equal([1L, 3L], Live());
        _bench.Clock.Now = first.AddHours(2);
        _bench.Write("items.csv", "item_id,title\n1,one\n3,THREE\n4,four\n");
        Assert.Equal(["new 1", "changed 0", "revived 0", "deleted 0", "same 3"], Facts(Ingest(snapshot)));
        Assert.Equal(first.AddHours(1), _bench.Table("items").Single(r => (long)r[0]! == 2)[8]);
        _bench.Write("items.csv", "item_id,title\n1,one\n2,two\n3,THREE\n4,four\n");
        Assert.Equal(["new 0", "changed 0", "revived 1", "deleted 0", "same 3"], Facts(Ingest(snapshot)));
    }

    [Fact]
    public void Rows_that_another_program_deleted_or_changed_are_made_again_and_double_ones_refused()
    {
        _bench.Write("items.csv", "item_id,title\n1,one\n2,two\n3,three\n");
        Ingest(new IngestOptions());
        string[] before = _bench.Text("items");
        OtherWriter.Rewrite(_bench["tables/items"], rows => rows.Where(r => (long)r[0]! != 2));
        Assert.Equal(["new 1", "changed 0", "revived 0", "deleted 0", "same 2"], Facts(Ingest(new IngestOptions())));
        Assert.Equal(before, _bench.Text("items"));
        Assert.Equal(["ingest: another program changed items after version 0; looking at it again"], _bench.Lines);

        OtherWriter.Rewrite(_bench["tables/items"], rows => rows.Select(r => (object?[])[r[0], "other", .. r[2..]]));
        Assert.Equal(["new 0", "changed 3", "revived 0", "deleted 0", "same 0"], Facts(Ingest(new IngestOptions())));
        Assert.Equal(before, _bench.Text("items"));
        Assert.True(Ingest(new IngestOptions()).UpToDate);

        OtherWriter.Rewrite(_bench["tables/items"], rows => [.. rows, rows.Single(r => (long)r[0]! == 3)]);
        OneRecException refused = _bench.Refused(Options(new IngestOptions()), "ingest");
        Assert.Equal(
            ("items: item 3 has 2 rows; another program wrote them: restore an older version of the table, or delete all its rows, "
                + "and run 'onerec ingest' again", ErrorKind.Table),
            (refused.Message, refused.Kind));
        OtherWriter.Rewrite(_bench["tables/items"], rows => rows.Where(r => (long)r[0]! != 3));
        Ingest(new IngestOptions());
        Assert.Equal(before, _bench.Text("items"));
    }

    [Fact]
    public void A_snapshot_that_lacks_too_much_is_refused_and_nothing_is_written()
    {
        string all = "item_id,title\n" + string.Concat(Enumerable.Range(1, 40).Select(i => $"{i},t\n"));
        string file = _bench.Write("items.csv", all);
        var snapshot = new IngestOptions { Mode = IngestMode.Snapshot };
        Ingest(snapshot);
        _bench.Write("items.csv", "item_id,title\n" + string.Concat(Enumerable.Range(1, 37).Select(i => $"{i},t\n")));
        OneRecException refused = _bench.Refused(Options(snapshot), "ingest");
        Assert.Equal(
            $"{file} lacks 3 of 40 items, above ingest.maxDeleted (0.05); is it the whole catalogue? Set ingest.maxDeleted=0.075 to delete them",
            refused.Message);
        Assert.Equal(ErrorKind.Input, refused.Kind);
        Assert.Equal(40, Live().Count());
        _bench.Write("items.csv", "item_id,title\n" + string.Concat(Enumerable.Range(1, 38).Select(i => $"{i},t\n")));
        Assert.Contains("deleted 2", Facts(Ingest(snapshot)));
    }

    [Fact]
    public void An_id_column_that_one_text_makes_string_is_reported()
    {
        string rows = string.Concat(Enumerable.Range(0, 200).Select(n => n == 77 ? "guest,t\n" : $"{n},t\n"));
        string file = _bench.Write("items.csv", "item_id,title\n" + rows);
        Ingest(new IngestOptions());
        Assert.Equal(
            [$"ingest: {file}: column 'item_id' is read as STRING because of values such as 'guest', although nearly all are "
                + "integers; if those are bad rows, set input.types.item_id=BIGINT"],
            _bench.Lines);
    }

    [Theory]
    [InlineData("1,a,9\n1,b,10\n2,c,1\n1,d,8\n", "1|b", "2|c")]
    [InlineData("1,a,2024-01-02\n1,b,2024-01-10\n2,c,\n2,d,2023-01-01\n", "1|b", "2|d")]
    [InlineData("1,a,1\n1,a,1\n2,b,1\n", "1|a", "2|b")]
    public void The_latest_of_duplicates_is_taken(string rows, params string[] expected)
    {
        _bench.Write("items.csv", "item_id,title,updated\n" + rows);
        StepSummary ingest = Ingest(new IngestOptions { Version = "updated" });
        Assert.Equal(expected, _bench.Table("items").Select(r => $"{r[0]}|{r[1]}").Order());
        int spare = rows.Count(c => c == '\n') - expected.Length;
        Assert.Contains($"older versions skipped {spare}", Facts(ingest));
    }

    [Fact]
    public void Duplicates_of_one_version_that_differ_are_refused()
    {
        string file = _bench.Write("items.csv", "item_id,title,updated\n1,a,2\n1,b,2\n1,c,1\n");
        Assert.Equal(
            $"{file}: item 1 occurs 2 times with the same latest ingest.version ('updated') but different fields; remove one, or set ingest.version to a column that differs between them",
            _bench.Refused(Options(new IngestOptions { Version = "updated" }), "ingest").Message);
        Assert.Equal(
            $"{file} has no column 'update'; did you mean 'updated'? (set ingest.version)",
            _bench.Refused(Options(new IngestOptions { Version = "update" }), "ingest").Message);
        Assert.Empty(_bench.Table("items"));
    }

    [Fact]
    public void An_items_images_are_its_content()
    {
        _bench.Write("items.csv", "item_id,title\n1,one\n2,two\n");
        _bench.Write("images.csv", "item_id,position,path\n1,0,a.png\n1,1,b.png\n");
        OneRecOptions options = Options(new IngestOptions()) with
        {
            Input = new InputOptions { Items = _bench["items.csv"], Images = _bench["images.csv"] },
        };
        _bench.Run(options, "ingest");
        _bench.Write("images.csv", "item_id,position,path\n1,1,b.png\n1,0,a.png\n");
        Assert.Contains("changed 0", Facts(_bench.Run(options, "ingest")[0]));
        _bench.Write("images.csv", "item_id,position,path\n1,0,b.png\n1,1,a.png\n");
        Assert.Contains("changed 1", Facts(_bench.Run(options, "ingest")[0]));
        string file = _bench.Write("images.csv", "item_id,position,path\n1,0,b.png\n1,0,a.png\n");
        Assert.Equal(
            $"{file}: item 1 has 2 images at position 0; positions of an item must be unique", _bench.Refused(options, "ingest").Message);
    }

    public void Dispose() => _bench.Dispose();

    private OneRecOptions Options(IngestOptions ingest) =>
        new() { Input = new InputOptions { Items = _bench["items.csv"] }, Sections = [ingest] };

    private StepSummary Ingest(IngestOptions ingest) => _bench.Run(Options(ingest), "ingest")[0];

    private IEnumerable<long> Live() => _bench.Table("items").Where(r => r[8] is null).Select(r => (long)r[0]!).Order();

    private static IEnumerable<string> Facts(StepSummary summary) => summary.Facts.Select(f => $"{f.Name} {f.Value}");
}
