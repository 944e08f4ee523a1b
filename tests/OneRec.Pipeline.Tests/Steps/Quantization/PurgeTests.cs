using OneRec.Core;
using OneRec.Pipeline.Queries.Verify;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Maintain;
using OneRec.Pipeline.Steps.Train;

namespace OneRec.Pipeline.Tests.Steps.Quantization;

/// <summary>What a purge takes out of the tables and what it leaves.</summary>
public sealed class PurgeTests : IDisposable
{
    private readonly QuantizationDesk _desk = new(new TrainOptions { Levels = 2, Codes = [3], Epochs = 2 });
    private readonly TestItem[] _items = TestItem.Many(60, 3, 6, 6);

    public PurgeTests()
    {
        _desk.Embed(_items);
        _desk.Run("train", "assign", "publish");

        // The desk's deleted items were deleted in 1970.
        _desk.Embed([.. _items.Select((item, n) => n is 4 or 9 ? item with { Deleted = true, Vector = null } : item with { Vector = null })]);
        _desk.Run("assign");
    }

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void Texts_embeddings_and_items_of_ids_go_and_their_slots_are_not_given_again()
    {
        List<string> ids = Lines("semantic_ids", "SELECT sid, slot, deleted_at IS NULL FROM semantic_ids ORDER BY sid, slot");
        StepSummary done = Maintain(30);
        Assert.Equal(Fact.Of("items purged", 2), done.Facts.Single(f => f.Name == "items purged"));
        Assert.Equal(2, _desk.ToldLines.Count(l => l.EndsWith(", deleted 1970-01-01: purged (texts, embeddings, IDs)", StringComparison.Ordinal)));
        Assert.Equal(["2"], Lines("items", "SELECT count(*) FROM items WHERE content_hash = '' AND deleted_at IS NOT NULL"));
        Assert.Equal(["58"], Lines("item_embeddings", "SELECT count(*) FROM item_embeddings"));
        Assert.Equal(ids, Lines("semantic_ids", "SELECT sid, slot, deleted_at IS NULL FROM semantic_ids ORDER BY sid, slot"));
        Assert.Equal(
            [$"{long.MinValue}||2"], Lines("semantic_ids", "SELECT item_id, embedding_hash, count(*) FROM semantic_ids WHERE deleted_at IS NOT NULL GROUP BY item_id, embedding_hash"));
        Assert.Empty(Problems());

        // Twice is once, and no step has work because of it.
        Assert.Equal(Fact.Of("items purged", 0), Maintain(30).Facts.Single(f => f.Name == "items purged"));
        _desk.Run("assign");
        Assert.Equal(ids, Lines("semantic_ids", "SELECT sid, slot, deleted_at IS NULL FROM semantic_ids ORDER BY sid, slot"));

        // An item that returns is a new one: it gets the next slot of its ID.
        _desk.Embed([.. _items.Select((item, n) => n == 4 ? item : item with { Vector = null, Deleted = n == 9 })]);
        _desk.Run("assign");
        Assert.Equal(60 + 1, Lines("semantic_ids", "SELECT DISTINCT sid, slot FROM semantic_ids").Count);
        Assert.Empty(Problems());
    }

    [Fact]
    public void Bytes_are_gone_from_the_disk_once_no_version_is_kept()
    {
        // An item whose hash no other has.
        TestItem secret = _items[4] with { Number = 777, Hash = "secret-hash" };
        _desk.Embed([secret], append: true);
        _desk.Run("assign");
        _desk.Embed([.. _items.Select((item, n) => item with { Vector = null, Deleted = n is 4 or 9 }), secret with { Vector = null, Deleted = true }]);
        Maintain(30);
        Assert.Contains(_desk.ToldLines, l => l.StartsWith("maintain: older versions still hold them; the first 'onerec maintain' after ", StringComparison.Ordinal));
        Assert.Contains(secret.Hash, AllBytes(), StringComparison.Ordinal);
        _desk.Options = _desk.Options with { Retention = _desk.Options.Retention with { Days = 0, LogDays = 0 } };
        Maintain(30);
        Assert.DoesNotContain(secret.Hash, AllBytes(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_option_and_in_a_dry_run_nothing_is_purged()
    {
        List<string> before = Lines("items", "SELECT item_id, content_hash FROM items ORDER BY item_id");
        Assert.DoesNotContain(Maintain(null).Facts, f => f.Name == "items purged");
        _desk.Options = _desk.Options with { Sections = [new MaintainOptions { DryRun = true }] };
        Assert.Equal(Fact.Of("items purged", 2), Maintain(0).Facts.Single(f => f.Name == "items purged"));
        Assert.Contains(_desk.ToldLines, l => l.EndsWith("would be purged (texts, embeddings, IDs)", StringComparison.Ordinal));
        Assert.Equal(before, Lines("items", "SELECT item_id, content_hash FROM items ORDER BY item_id"));
        _desk.Options = _desk.Options with { Sections = [new MaintainOptions()] };
        Assert.Equal(Fact.Of("items purged", 0), Maintain(36_500).Facts.Single(f => f.Name == "items purged"));
    }

    private StepSummary Maintain(double? days)
    {
        _desk.ToldLines.Clear();
        _desk.Options = _desk.Options with { Retention = _desk.Options.Retention with { DeletedDays = days } };
        return _desk.Run("maintain").Steps[0];
    }

    private List<string> Lines(string table, string sql) => _desk.Query(table, sql).ConvertAll(row => string.Join('|', row));

    private string[] Problems() => _desk.With(engine => VerifyQuery
        .Run(engine, _desk.Options, ["items", "item_embeddings", "codebooks", "semantic_ids", "published", "runs"], true, new QuietObserver(), CancellationToken.None)
        .SelectMany(f => f.Problems)
        .ToArray());

    // Hashes are stored as text, so compression aside they can be found in files and logs.
    private string AllBytes() => string.Concat(
        _desk.With(engine => RowsOfAllFiles()).Concat(Directory.GetFiles(_desk.Options.Tables, "*.json", SearchOption.AllDirectories).Select(File.ReadAllText)));

    private IEnumerable<string> RowsOfAllFiles() => Directory.GetFiles(Path.Combine(_desk.Options.Tables, "items"), "*.parquet")
        .Concat(Directory.GetFiles(Path.Combine(_desk.Options.Tables, "item_embeddings"), "*.parquet", SearchOption.AllDirectories))
        .Where(file => !file.Contains("_delta_log", StringComparison.Ordinal))
        .SelectMany(TextsOf);

    private static IEnumerable<string> TextsOf(string file)
    {
        using var reader = new ParquetSharp.ParquetFileReader(file);
        for (int group = 0; group < reader.FileMetaData.NumRowGroups; group++)
        {
            using ParquetSharp.RowGroupReader rows = reader.RowGroup(group);
            int column = Enumerable.Range(0, reader.FileMetaData.NumColumns).First(c => reader.FileMetaData.Schema.Column(c).Name == "content_hash");
            using ParquetSharp.LogicalColumnReader<string> texts = rows.Column(column).LogicalReader<string>();
            foreach (string text in texts.ReadAll(checked((int)rows.MetaData.NumRows)))
            {
                yield return text;
            }
        }
    }
}
