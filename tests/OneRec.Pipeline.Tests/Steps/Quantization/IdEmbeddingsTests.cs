using OneRec.Core;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Steps.Assign;
using OneRec.Pipeline.Steps.Train;

namespace OneRec.Pipeline.Tests.Steps.Quantization;

/// <summary>Embeddings that are no longer those that IDs were computed from, in files that are whole.</summary>
public sealed class IdEmbeddingsTests : IDisposable
{
    private static readonly TestItem[] Items = TestItem.Many(60, 3, 6, 6);

    private readonly QuantizationDesk _desk = new(new TrainOptions { Levels = 2, Codes = [3], Epochs = 2, Refine = 1 });

    public IdEmbeddingsTests()
    {
        _desk.Embed(Items);
        _desk.Run("train", "assign");
        _desk.Publish();
    }

    private string Folder => Path.Combine(_desk.Options.Tables, "item_embeddings");

    public void Dispose() => _desk.Dispose();

    [Theory]
    [InlineData("evaluate")]
    [InlineData("train")]
    public void Changed_embedding_is_named_and_both_cures_work(string step)
    {
        object damaged = Damage(7);
        long before = _desk.Version(step == "train" ? "codebooks" : "quality");

        var e = Assert.Throws<OneRecException>(() => _desk.Run(step));

        Assert.Equal(("embeddings.changed", ErrorKind.Table), (e.Code, e.Kind));
        Assert.StartsWith(
            $"item_embeddings: the embedding of item {damaged} differs from the one that its ID was computed from (1 item in total); restore ",
            e.Message,
            StringComparison.Ordinal);
        Assert.Equal(before, _desk.Version(step == "train" ? "codebooks" : "quality"));

        // The second cure, then the first.
        OneRecOptions options = _desk.Options;
        _desk.Options = options with { Sections = [new AssignOptions { Changed = WhenChanged.Reassign }] };
        Assert.Equal(1, _desk.Run("assign").Steps[0].Rows);
        _desk.Options = options;
        Assert.False(_desk.Run(step).Steps[0].UpToDate);
    }

    [Fact]
    public void Restored_table_is_accepted()
    {
        Damage(7);
        Assert.Throws<OneRecException>(() => _desk.Run("evaluate"));
        OtherWriter.Restore(Folder, 0);
        Assert.False(_desk.Run("evaluate").Steps[0].UpToDate);
    }

    [Fact]
    public void Content_that_changed_after_its_id_was_given_is_no_damage()
    {
        TestItem[] changed = [.. Items[..5].Select((i, n) => i with { Hash = i.Hash + "'", Vector = Items[n + 20].Vector }), .. Items[5..].Select(i => i with { Vector = null })];
        _desk.Embed(changed, append: true);
        _desk.Run("assign");
        Assert.False(_desk.Run("evaluate").Steps[0].UpToDate);
        Assert.False(_desk.Run("train").Steps[0].UpToDate);
    }

    [Fact]
    public void Items_without_embeddings_and_ids_of_another_model_are_left_alone()
    {
        OtherWriter.Rewrite(Folder, rows => rows.Skip(3));
        Assert.False(_desk.Run("evaluate").Steps[0].UpToDate);
        _desk.Embed(Items, "m2", append: true);
        Damage(20);
        OtherWriter.Rewrite(Folder, rows => rows.Where(r => (string)r[3]! == "m2"));
        Assert.False(_desk.Run("train").Steps[0].UpToDate);
    }

    // Another value in one embedding of the first model.
    private object Damage(int place)
    {
        object item = null!;
        OtherWriter.Rewrite(Folder, rows => [.. rows.Select((r, i) =>
        {
            if (i != place)
            {
                return r;
            }

            item = r[0]!;
            var vector = (object?[])r[1]!;
            return [r[0], (object?[])[(float)vector[0]! + 0.25f, .. vector[1..]], .. r[2..]];
        })]);
        return item;
    }
}
