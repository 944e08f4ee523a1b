using OneRec.Engine;
using OneRec.Pipeline.Steps.Train;

namespace OneRec.Pipeline.Tests.Steps.Quantization;

/// <summary>A training that is killed between levels goes on and ends with the bits of an undisturbed one.</summary>
public sealed class ResumeTests : IDisposable
{
    private static readonly TrainOptions Small = new() { Levels = 3, Codes = [12, 8, 8], Batch = 150, Epochs = 4, Refine = 2 };
    private static readonly TestItem[] Items = TestItem.Many(400, 6, 15, 51);

    private readonly QuantizationDesk _desk = NewDesk();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Killed_after_a_level_it_trains_only_the_levels_after_it(int finished)
    {
        (string tables, int[] passes) = Undisturbed();
        Kill(engine => new InterruptedEngine(engine, afterLevel: finished));
        Assert.Equal(-1, _desk.Version("codebooks"));
        Assert.Equal(-1, _desk.Version("quality"));

        Assert.Equal(passes[finished..], Resume());
        Assert.Equal(tables, QuantizationTests.TablesOf(_desk));
        Assert.Equal(
            [
                $"train: {finished} of 3 levels were finished by an interrupted run; continuing from there",
                $"train: 400 rows in 3 batches: 21 batch passes per level, {21 * (3 - finished)} remaining",
            ],
            _desk.ToldLines);
        Assert.False(Directory.Exists(CheckpointFolder));
    }

    [Fact]
    public void Killed_before_the_codebook_is_committed_it_trains_nothing_again()
    {
        (string tables, _) = Undisturbed();
        Kill(engine => new InterruptedEngine(engine, atTable: "codebooks"));
        Assert.Equal(-1, _desk.Version("codebooks"));

        Assert.Empty(Resume());
        Assert.Equal(tables, QuantizationTests.TablesOf(_desk));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(-1)]
    public void A_damaged_level_and_those_after_it_are_trained_again(int place)
    {
        (string tables, int[] passes) = Undisturbed();
        Kill(engine => new InterruptedEngine(engine, atTable: "codebooks"));
        string file = Path.Combine(CheckpointFolder, "level-1");
        byte[] bytes = File.ReadAllBytes(file);
        bytes[place < 0 ? bytes.Length + place : place] ^= 1;
        File.WriteAllBytes(file, place == 0 ? [] : bytes);

        Assert.Equal(passes[1..], Resume());
        Assert.Equal(tables, QuantizationTests.TablesOf(_desk));
        Assert.Equal("train: saved level 1 of an interrupted run is damaged; training it again", _desk.ToldLines[0]);
    }

    [Fact]
    public void Levels_of_other_options_are_not_used_and_their_measures_do_not_stay()
    {
        Kill(engine => new InterruptedEngine(engine, atTable: "codebooks"));
        Assert.NotEmpty(_desk.Query("quality", "SELECT metric FROM quality"));
        _desk.Options = _desk.Options with { Seed = 6 };
        using QuantizationDesk other = NewDesk();
        other.Options = other.Options with { Seed = 6 };
        other.Run("train", "assign");

        Assert.Equal(3, Resume().Length);
        Assert.Equal("train: saved level 0 is from other inputs or options; ignoring it", _desk.ToldLines[0]);
        Assert.Equal(QuantizationTests.TablesOf(other), QuantizationTests.TablesOf(_desk));
        Assert.Single(_desk.Query("quality", "SELECT DISTINCT codebook_id FROM quality"));
    }

    [Fact]
    public void Measures_of_codebooks_that_are_there_stay()
    {
        _desk.Run("train");
        _desk.Options = _desk.Options with { Seed = 6 };
        Kill(engine => new InterruptedEngine(engine, atTable: "codebooks"));
        _desk.Options = _desk.Options with { Seed = 7 };
        _desk.Run("train");
        Assert.Equal(
            _desk.Query("codebooks", "SELECT DISTINCT codebook_id FROM codebooks ORDER BY codebook_id").Select(r => r[0]),
            _desk.Query("quality", "SELECT DISTINCT codebook_id FROM quality ORDER BY codebook_id").Select(r => r[0]));
    }

    public void Dispose() => _desk.Dispose();

    private string CheckpointFolder => Path.Combine(_desk.Options.Tables, ".checkpoints", "train");

    private static QuantizationDesk NewDesk()
    {
        var desk = new QuantizationDesk(Small);
        desk.Embed(Items);
        return desk;
    }

    private static (string Tables, int[] Passes) Undisturbed()
    {
        using QuantizationDesk desk = NewDesk();
        InterruptedEngine? counted = null;
        desk.Wrap = engine => counted = new InterruptedEngine(engine);
        desk.Run("train", "assign");
        Assert.Equal(3, counted!.Passes.Count);
        return (QuantizationTests.TablesOf(desk), ByLevel(counted));
    }

    private static int[] ByLevel(InterruptedEngine engine) => [.. engine.Passes.OrderBy(p => p.Key).Select(p => p.Value)];

    private void Kill(Func<IEngine, InterruptedEngine> dying)
    {
        _desk.Wrap = dying;
        Assert.Throws<OperationCanceledException>(() => _desk.Run("train"));
        _desk.Wrap = engine => engine;
        _desk.ToldLines.Clear();
    }

    // Passes of each level that was trained now.
    private int[] Resume()
    {
        InterruptedEngine? counted = null;
        _desk.Wrap = engine => counted = new InterruptedEngine(engine);
        _desk.Run("train");
        int[] passes = ByLevel(counted!);
        _desk.Wrap = engine => engine;
        _desk.Run("assign");
        return passes;
    }
}
