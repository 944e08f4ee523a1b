using Apache.Arrow.Types;
using OneRec.Engine.Scripts;
using OneRec.Engine.Tables;
using OneRec.Pipeline.Queries.Verify;
using OneRec.Pipeline.Steps.Train;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Tests.Steps.Quantization;

/// <summary>Rows that do not belong together are found, each kind by its first row.</summary>
public sealed class VerifyRowsTests : IDisposable
{
    private static readonly string[] All = ["items", "item_embeddings", "codebooks", "semantic_ids", "quality", "published", "runs"];

    private readonly QuantizationDesk _desk = new(new TrainOptions { Levels = 2, Codes = [4], Epochs = 2 });
    private readonly TestItem[] _items = TestItem.Many(90, 3, 6, 6);

    public VerifyRowsTests()
    {
        _desk.Embed(_items);
        _desk.Run("train", "assign", "publish");
    }

    public void Dispose() => _desk.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_the_steps_wrote_belongs_together(bool all)
    {
        IReadOnlyList<VerifiedFact> facts = Verify(all);
        Assert.Empty(Problems(facts));
        Assert.Equal(90, facts.Single(f => f.Check.StartsWith("codes computed again", StringComparison.Ordinal)).Checked);
        Assert.Equal(90, facts.Single(f => f.Check == "an ID for each embedded item").Checked);
    }

    [Fact]
    public void Item_with_two_rows() => AssertFound(
        Change("items", "SELECT * FROM t UNION ALL SELECT * FROM t WHERE item_id = 3", OneRecTables.Items(Int64Type.Default)),
        "items: 1 have more than one row, such as item 3; ");

    [Fact]
    public void Content_with_two_embeddings() => AssertFound(
        Change("item_embeddings", "SELECT * FROM t UNION ALL SELECT * FROM t WHERE item_id < 0", OneRecTables.ItemEmbeddings(Int64Type.Default)),
        "item_embeddings: 5 contents have more than one embedding of a model, such as that of item -5; ");

    [Fact]
    public void Embedding_that_is_gone() => AssertFound(
        Change("item_embeddings", "SELECT * FROM t WHERE item_id <> 7", OneRecTables.ItemEmbeddings(Int64Type.Default)),
        "item_embeddings: 1 embeddings are not there any more, or changed, such as that of item 7; ");

    [Fact]
    public void Item_without_an_id() => AssertFound(
        Change("semantic_ids", "SELECT * FROM t WHERE item_id NOT IN (8, 9)", OneRecTables.SemanticIds(Int64Type.Default)),
        "semantic_ids: 2 embedded items have no ID, such as item 8; run 'onerec assign'");

    [Fact]
    public void Codes_that_are_not_those_of_the_embedding() => AssertFound(
        Change(
            "semantic_ids",
            """
            SELECT item_id, codes, sid, first_code, slot, CAST(CASE WHEN item_id = 4 THEN (nearest_code + 1) % 4 ELSE nearest_code END AS INT) AS nearest_code,
              error, embedding_hash, assigned_at, deleted_at, run_id, codebook_id
            FROM t
            """,
            OneRecTables.SemanticIds(Int64Type.Default)),
        "semantic_ids: 1 IDs differ from the codes of their embeddings, such as that of item 4; ");

    [Fact]
    public void Two_items_on_one_id_and_slot() => AssertFound(
        Change(
            "semantic_ids",
            """
            SELECT item_id, codes, sid, first_code, CAST(0 AS INT) AS slot, nearest_code, error, embedding_hash, assigned_at, deleted_at, run_id, codebook_id
            FROM t
            """,
            OneRecTables.SemanticIds(Int64Type.Default)),
        " IDs (codes, slot) belong to more than one item, such as ");

    [Fact]
    public void Gap_in_the_generations() => AssertFound(
        Change("published", "SELECT CAST(3 AS BIGINT) AS generation, codebook_id, model_id, published_at, run_id FROM t", OneRecTables.Published()),
        "published: 1 generations are missing or there twice, the first after generation 0; ");

    [Fact]
    public void Runs_that_are_gone() => AssertFound(
        Change("runs", "SELECT * FROM t WHERE step = 'train'", OneRecTables.Runs()), "published: 1 generations are of runs that table runs does not have, such as ");

    [Fact]
    public void Centroid_that_is_another() => AssertFound(
        Change("codebooks", "SELECT codebook_id, model_id, level, CAST((code + 1) % 4 AS INT) AS code, centroid, items FROM t", OneRecTables.Codebooks()),
        " is damaged (its content has the id ");

    private static void AssertFound(IReadOnlyList<VerifiedFact> facts, string problem) =>
        Assert.Contains(Problems(facts), p => p.Contains(problem, StringComparison.Ordinal));

    private static string[] Problems(IReadOnlyList<VerifiedFact> facts) => [.. facts.SelectMany(f => f.Problems)];

    // Rewrites a table as another program would.
    private IReadOnlyList<VerifiedFact> Change(string table, string sql, TableDefinition definition)
    {
        _desk.With(engine => QuantizationDesk.Committed(engine.Write(
            engine.Sql(new SqlScript(sql), ("t", engine.ReadTable(table))),
            new TableWrite(definition, new WriteMode.Overwrite(), new CommitNote("other", "r", "f")))));
        return Verify(all: true);
    }

    private IReadOnlyList<VerifiedFact> Verify(bool all) => _desk.With(
        engine => VerifyQuery.Run(engine, _desk.Options, All, all, _desk, CancellationToken.None));
}
