using OneRec.Core;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Steps.Train;

namespace OneRec.Pipeline.Tests.Steps.Quantization;

/// <summary>A lost table never moves published IDs in silence, and each cure that a message names works.</summary>
public sealed class LostTablesTests : IDisposable
{
    private const string Ids = "SELECT item_id, codes, slot FROM semantic_ids WHERE deleted_at IS NULL ORDER BY item_id";

    private readonly QuantizationDesk _desk = new(new TrainOptions { Levels = 2, Codes = [8], Epochs = 2, Refine = 1 });
    private readonly TestItem[] _items = TestItem.Many(300, 4, 12, 1);
    private readonly string _codebook;
    private readonly string[] _ids;

    public LostTablesTests()
    {
        _desk.Embed(_items[..200]);
        _codebook = _desk.Run("train", "assign", "publish").Steps[0].Facts.Single(f => f.Name == "codebook").Value;
        _desk.Embed(_items[200..], append: true);
        _desk.Run("train", "assign", "publish");
        _ids = Now();
    }

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void Lost_publication_is_refused_until_it_is_published_again()
    {
        Lose("published");
        foreach (string step in new[] { "train", "assign", "evaluate" })
        {
            Refused($"run 'onerec publish --set codebook={_codebook}' to publish that codebook again", step);
        }

        OneRecOptions usual = _desk.Options;
        _desk.Options = usual with { Codebook = _codebook };
        _desk.Run("publish");
        _desk.Options = usual;
        Assert.NotNull(_desk.Run("train", "assign").Steps[0].LeftOut);
        Assert.Equal(_ids, Now());
    }

    [Fact]
    public void Lost_publication_and_retrain_train_another_codebook()
    {
        Lose("published");
        Refused("or set run.retrain=true to train another one", "train", "assign");
        _desk.Options = _desk.Options with { Run = new RunSection { Retrain = true } };
        Assert.NotEqual(_codebook, _desk.Run("train", "assign", "publish").Steps[0].Facts.Single(f => f.Name == "codebook").Value);
    }

    [Fact]
    public void Lost_ids_of_the_published_codebook_are_not_made_up()
    {
        Lose("semantic_ids");
        Refused("semantic_ids has no IDs of the published codebook", "train", "assign");
        Assert.Equal(-1, _desk.Version("semantic_ids"));
        _desk.Options = _desk.Options with { Run = new RunSection { Retrain = true }, Codebook = _codebook };
        _desk.Run("assign");
        Assert.Equal(300, Now().Length);
    }

    [Fact]
    public void A_first_run_that_was_killed_before_it_published_goes_on()
    {
        using var desk = new QuantizationDesk(new TrainOptions { Levels = 2, Codes = [8], Epochs = 2, Refine = 1 });
        desk.Embed(_items[..200]);
        desk.Run("train", "assign");
        Assert.Equal(1, desk.Run("train", "assign", "publish").Steps[2].Rows);
    }

    private string[] Now() => [.. _desk.Query("semantic_ids", Ids).Select(r => $"{r[0]} {string.Join('-', (object?[])r[1]!)} {r[2]}")];

    private void Lose(string table) => Directory.Delete(Path.Combine(_desk.Options.Tables, table), recursive: true);

    private void Refused(string cure, params string[] steps)
    {
        OneRecException e = Assert.Throws<OneRecException>(() => _desk.Run(steps));
        Assert.Equal(ErrorKind.Table, e.Kind);
        Assert.Contains(cure, e.Message, StringComparison.Ordinal);
    }
}
