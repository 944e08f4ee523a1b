using OneRec.Core;
using OneRec.Engine.Relations;
using OneRec.Engine.Scripts;
using OneRec.Engine.Tables;
using OneRec.Pipeline.Steps.Train;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Tests.Steps.Quantization;

public sealed class RefusalTests
{
    private static readonly TrainOptions Small = new() { Levels = 2, Codes = [4], Epochs = 2, Refine = 1 };

    [Fact]
    public void No_tables_and_no_codebook_say_what_to_run()
    {
        using var desk = new QuantizationDesk(Small);
        Refused(desk, "train", ErrorKind.Table, "there is no table 'item_embeddings' yet; run 'onerec embed' first");
        Refused(desk, "assign", ErrorKind.Table, "codebooks: there is no codebook yet; run 'onerec train' first");
        Refused(desk, "evaluate", ErrorKind.Table, "codebooks: there is no codebook yet; run 'onerec train' first");
        desk.Embed([new TestItem(1, null, [1f, 2f]) { EmbeddedHash = "before" }]);
        Refused(
            desk,
            "train",
            ErrorKind.Input,
            "item_embeddings has no up-to-date embeddings from model m1; run 'onerec embed' first, or, if it could embed no item, see table "
                + "quarantine for the reasons");
    }

    [Fact]
    public void More_codes_than_distinct_vectors_are_refused_with_their_number()
    {
        using var desk = new QuantizationDesk(Small with { Codes = [64] });
        desk.Embed([.. Enumerable.Range(0, 100).Select(i => new TestItem(i, null, [i % 40, i % 2 == 0 ? 0f : -0f]))]);
        Refused(
            desk,
            "train",
            ErrorKind.Input,
            "train.codes requires 64 codes at level 0, but the 100 items have only 40 distinct embeddings; set train.codes=4 (at most 40; the more codes, the fewer items share one)");
        Assert.Equal(-1, desk.Version("codebooks"));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(20, 4)]
    [InlineData(255, 4)]
    [InlineData(256, 8)]
    [InlineData(9_125, 256)]
    [InlineData(262_143, 4_096)]
    [InlineData(262_144, 8_192)]
    [InlineData(10_000_000_000, 8_192)]
    public void Codes_that_fit_leave_32_vectors_each(long vectors, int codes) => Assert.Equal(codes, TrainOptions.FittingCodes(vectors));

    [Fact]
    public void Spare_codes_of_deeper_levels_are_told()
    {
        using var desk = new QuantizationDesk(Small with { Codes = [40, 8] });
        desk.Embed([.. Enumerable.Range(0, 100).Select(i => new TestItem(i, null, [i % 40, 1f]))]);
        desk.Run("train", "assign", "evaluate");
        Assert.Equal(
            [
                "train: 100 rows in 1 batch: 4 batch passes per level, 8 remaining",
                "train: level 1: only 1 distinct residuals for 8 codes; 7 codes remain unused",
            ],
            desk.ToldLines);
        Assert.Single(desk.Query("codebooks", "SELECT code FROM codebooks WHERE level = 1"));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_number_that_is_not_finite_names_the_item(float value)
    {
        using var desk = new QuantizationDesk(Small);
        TestItem[] items = TestItem.Many(60, 3, 6, 13);
        desk.Embed(items);
        desk.Run("train");
        desk.Embed([new TestItem(777, null, [0f, value, 1f]), new TestItem(800, null, [0f, value, 1f])], append: true);
        const string line = "item_embeddings: the embedding of item 777 holds a number that is not finite; embed it again";
        Refused(desk, "train", ErrorKind.Input, line);
        Refused(desk, "assign", ErrorKind.Input, line, orItem: "800");
    }

    [Fact]
    public void Two_lengths_name_an_odd_item()
    {
        using var desk = new QuantizationDesk(Small);
        desk.Embed(TestItem.Many(60, 3, 6, 14));
        desk.Run("train");
        desk.Embed([new TestItem(778, null, [0f, 1f])], append: true);
        Refused(desk, "train", ErrorKind.Input, "item_embeddings: item 778 has 2 numbers, but 60 others have 3; embed it again");
        Refused(desk, "assign", ErrorKind.Input, "item_embeddings: item 778 has 2 numbers, but 3 are needed; embed it again");
    }

    [Fact]
    public void A_huge_norm_names_the_item()
    {
        using var desk = new QuantizationDesk(Small);
        desk.Embed([.. TestItem.Many(60, 3, 6, 15), new TestItem(779, null, [0f, 1e9f, 0f])]);
        OneRecException refused = Assert.Throws<OneRecException>(() => desk.Run("train"));
        Assert.Equal(ErrorKind.Input, refused.Kind);
        Assert.Matches(
            @"^item_embeddings: item 779 has norm 1E\+09 at level 0, more than 2\^20 times the median 0\.\d+; embed it again or delete the item$",
            refused.Message);
    }

    [Fact]
    public void A_damaged_codebook_is_refused()
    {
        using var desk = new QuantizationDesk(Small);
        desk.Embed(TestItem.Many(60, 3, 6, 16));
        desk.Run("train");
        string id = (string)desk.Query("codebooks", "SELECT DISTINCT codebook_id FROM codebooks")[0][0]!;
        Rewrite(desk, "SELECT codebook_id, model_id, level, code, centroid, items FROM codebooks WHERE level = 0 OR code <> 2");
        Refused(desk, "assign", ErrorKind.Table, "codebooks: the codebook is damaged (code 2 of level 1 is missing); train it again");
        Rewrite(desk, "SELECT codebook_id, model_id, level, code, centroid, items FROM codebooks WHERE level = 0");
        OneRecException refused = Assert.Throws<OneRecException>(() => desk.Run("assign"));
        Assert.Matches($@"^codebooks: codebook {id} is damaged \(its content has the id [0-9a-f]{{16}}\); train it again$", refused.Message);
    }

    [Fact]
    public void Evaluate_needs_ids()
    {
        using var desk = new QuantizationDesk(Small);
        desk.Embed(TestItem.Many(60, 3, 6, 17));
        desk.Run("train");
        string id = (string)desk.Query("codebooks", "SELECT DISTINCT codebook_id FROM codebooks")[0][0]!;
        Refused(
            desk,
            "evaluate",
            ErrorKind.Table,
            $"codebook {id} has no rows in semantic_ids; run 'onerec assign --set codebook={id}' first");
    }

    [Fact]
    public void Options_out_of_range_are_all_told_by_key()
    {
        var problems = new Problems();
        new TrainOptions
        {
            Levels = 0,
            Codes = [4, 70_000],
            Batch = 0,
            MaxBatches = 0,
            Epochs = -1,
            Refine = 1001,
            InitSample = 0,
        }.Validate(problems);
        Assert.Equal(
            [
                "train.levels must be 1 to 16 (got 0)",
                "train.codes must be 1 to 65535 each (got 4, 70000)",
                "train.codes must be one number, or one for each of the 0 levels (got 4, 70000)",
                "train.batch must be at least 1 (got 0)",
                "train.maxBatches must be 1 to 4096 (got 0)",
                "train.epochs must be 0 to 1000 (got -1)",
                "train.refine must be 0 to 1000 (got 1001)",
                "train.initSample must be at least 1 (got 0)",
            ],
            problems.Lines);
    }

    private static void Refused(QuantizationDesk desk, string step, ErrorKind kind, string message, string? orItem = null)
    {
        OneRecException refused = Assert.Throws<OneRecException>(() => desk.Run(step));
        Assert.Equal(kind, refused.Kind);
        Assert.Contains(refused.Message, new[] { message, orItem is null ? message : message.Replace("777", orItem) });
    }

    private static void Rewrite(QuantizationDesk desk, string sql) => desk.With(engine =>
    {
        CommitNote note = engine.Tables.NewestCommit("codebooks", "train")!.Note;
        using IMaterializedRelation rows = engine.Materialize(engine.Sql(new SqlScript(sql), ("codebooks", engine.ReadTable("codebooks"))));
        return QuantizationDesk.Committed(engine.Write(
            rows, new TableWrite(OneRecTables.Codebooks(), new WriteMode.Overwrite(), note with { Fingerprint = "other" })));
    });
}
