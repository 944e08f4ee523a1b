using OneRec.Core;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Train;

namespace OneRec.Pipeline.Tests.Steps.Quantization;

/// <summary>Commits of other programs in the table of IDs: a step looks again, mends what is missing, refuses what is double.</summary>
public sealed class OtherWritersTests : IDisposable
{
    private const string AllIds = "SELECT item_id, sid, slot, embedding_hash, deleted_at FROM semantic_ids ORDER BY item_id, sid, slot";

    private static readonly TestItem[] Items = TestItem.Many(85, 3, 6, 6);

    private readonly QuantizationDesk _desk = new(new TrainOptions { Levels = 2, Codes = [3], Epochs = 2, Refine = 1 });
    private readonly List<string> _before;

    public OtherWritersTests()
    {
        _desk.Embed(Items[..60]);
        _desk.Run("train", "assign");
        _desk.Publish();
        _desk.Embed(Items[60..80], append: true);
        _desk.Run("assign");
        Assert.True(_desk.Run("assign").Steps[0].UpToDate);
        _before = Ids();
        _desk.ToldLines.Clear();
    }

    private string Folder => Path.Combine(_desk.Options.Tables, "semantic_ids");

    public void Dispose() => _desk.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(79)]
    public void Deleted_row_is_made_again(int place)
    {
        OtherWriter.Rewrite(Folder, rows => rows.OrderBy(r => (long)r[0]!).Where((_, i) => i != place));
        Assert.Equal(79, Ids().Count);

        StepSummary run = _desk.Run("assign").Steps[0];

        Assert.Equal((1, false), (run.Rows, run.UpToDate));
        Assert.Equal(80, Ids().Count);
        Assert.Equal(_before.Select(WithoutSlot), Ids().Select(WithoutSlot));
        Assert.Contains(_desk.ToldLines, l => l.StartsWith("assign: another program changed semantic_ids after version", StringComparison.Ordinal));
        Assert.True(_desk.Run("assign").Steps[0].UpToDate);
    }

    [Fact]
    public void Table_restored_to_an_older_version_gets_the_lost_ids_again()
    {
        OtherWriter.Restore(Folder, 0);
        Assert.Equal(60, Ids().Count);
        Assert.Equal(20, _desk.Run("assign").Steps[0].Rows);
        Assert.Equal(_before, Ids());
        Assert.True(_desk.Run("assign").Steps[0].UpToDate);
    }

    [Fact]
    public void Change_that_needs_no_mending_is_looked_at_once()
    {
        OtherWriter.Rewrite(Folder, rows => rows);
        StepSummary run = _desk.Run("assign").Steps[0];
        Assert.Equal((0, false), (run.Rows, run.UpToDate));
        Assert.True(_desk.Run("assign").Steps[0].UpToDate);
        Assert.Equal(_before, Ids());
    }

    [Fact]
    public void Compaction_is_harmless()
    {
        OtherWriter.Compact(Folder);
        Assert.True(_desk.Run("assign").Steps[0].UpToDate);
        Assert.Empty(_desk.ToldLines);
        Assert.Equal(_before, Ids());
    }

    [Fact]
    public void Two_rows_of_an_item_are_refused_until_one_is_deleted()
    {
        OtherWriter.Rewrite(Folder, rows => [.. rows, Changed(rows[5], 4, 900)]);
        object item = _desk.Query("semantic_ids", "SELECT item_id FROM semantic_ids WHERE slot = 900")[0][0]!;
        for (int again = 0; again < 2; again++)
        {
            var e = Assert.Throws<OneRecException>(() => _desk.Run("assign"));
            Assert.Equal(("assign.two-ids", ErrorKind.Table), (e.Code, e.Kind));
            Assert.StartsWith($"semantic_ids: item {item} has 2 IDs under the published codebook ", e.Message, StringComparison.Ordinal);
        }

        OtherWriter.Rewrite(Folder, rows => rows.Where(r => (int)r[4]! != 900));
        _desk.Run("assign");
        Assert.Equal(_before, Ids());
        Assert.True(_desk.Run("assign").Steps[0].UpToDate);
    }

    [Fact]
    public void Two_items_on_one_id_are_refused_until_an_older_version_is_restored()
    {
        object?[] taken = null!;
        object?[] moved = null!;
        OtherWriter.Rewrite(Folder, rows =>
        {
            (taken, moved) = (rows[3], rows[4]);
            return rows.Select(r => r == moved ? [r[0], taken[1], taken[2], taken[3], taken[4], .. r[5..]] : r);
        });
        long[] items = [.. new[] { (long)taken[0]!, (long)moved[0]! }.Order()];
        var e = Assert.Throws<OneRecException>(() => _desk.Run("assign"));
        Assert.Equal(("assign.shared-id", ErrorKind.Table), (e.Code, e.Kind));
        Assert.StartsWith(
            $"semantic_ids: items {items[0]} and {items[1]} both have the ID {taken[2]}, slot {taken[4]}, under the published codebook ",
            e.Message,
            StringComparison.Ordinal);

        OtherWriter.Restore(Folder, 1);
        _desk.Run("assign");
        Assert.Equal(_before, Ids());
    }

    [Fact]
    public void Rows_of_a_codebook_that_is_not_published_are_all_made_again()
    {
        using var desk = new QuantizationDesk(new TrainOptions { Levels = 2, Codes = [3], Epochs = 2, Refine = 1 });
        desk.Embed(Items[..60]);
        desk.Run("train", "assign");
        List<string> before = [.. desk.Query("semantic_ids", AllIds).Select(r => string.Join(' ', r))];
        OtherWriter.Rewrite(Path.Combine(desk.Options.Tables, "semantic_ids"), rows => [.. rows.Skip(7), Changed(rows[20], 4, 900)]);
        Assert.Equal(60, desk.Run("assign").Steps[0].Rows);
        Assert.Equal(before, desk.Query("semantic_ids", AllIds).Select(r => string.Join(' ', r)));
    }

    [Fact]
    public void Columns_that_another_writer_added_are_left_alone()
    {
        OtherWriter.AddColumns(
            Folder,
            """{"name":"extra","type":"string","nullable":true,"metadata":{}}""",
            """{"name":"more","type":{"type":"struct","fields":[{"name":"a","type":"long","nullable":true,"metadata":{}}]},"nullable":true,"metadata":{}}""");
        Assert.True(_desk.Run("assign").Steps[0].UpToDate);
        Assert.Equal(_before, Ids());
        Assert.Null(_desk.Query("semantic_ids", "SELECT max(extra) AS extra FROM semantic_ids")[0][0]);

        _desk.Embed(Items[80..], append: true);
        Assert.Equal(5, _desk.Run("assign").Steps[0].Rows);
        Assert.Equal(85, Ids().Count);
        Assert.Empty(_before.Except(Ids()));
    }

    private static object?[] Changed(object?[] row, int column, object? value)
    {
        object?[] copy = [.. row];
        copy[column] = value;
        return copy;
    }

    // The slot of a deleted row is free again if it was the last one, else the item gets the next one.
    private static string WithoutSlot(string line) => string.Join(' ', line.Split(' ').Where((_, i) => i != 2));

    private List<string> Ids() => [.. _desk.Query("semantic_ids", AllIds).Select(r => string.Join(' ', r))];
}
