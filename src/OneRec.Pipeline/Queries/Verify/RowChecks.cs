using OneRec.Core;
using OneRec.Kernels.Clustering.Batches;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Steps;
using OneRec.Pipeline.Steps.Quantization;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Queries.Verify;

/// <summary>Whether the rows of the tables belong together. Each check names the first bad row of its kind.</summary>
internal sealed class RowChecks
{
    private const int SampledItems = 10_000;

    private readonly IEngine _engine;
    private readonly OneRecOptions _options;
    private readonly bool _all;
    private readonly Func<string, bool> _readable;

    private RowChecks(IEngine engine, OneRecOptions options, Func<string, bool> readable, bool all) =>
        (_engine, _options, _readable, _all) = (engine, options, readable, all);

    /// <summary>Runs the checks whose tables can be read.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="exists">Whether there is such a table.</param>
    /// <param name="broken">Tables with damaged files.</param>
    /// <param name="all">Whether all codes are computed again.</param>
    public static IEnumerable<VerifiedFact> Run(
        IEngine engine, OneRecOptions options, Func<string, bool> exists, IReadOnlySet<string> broken, bool all)
    {
        var checks = new RowChecks(engine, options, table => !broken.Contains(table) && exists(table), all);
        return checks.Items().Concat(checks.Embeddings()).Concat(checks.Publications()).Concat(checks.Ids());
    }

    private IEnumerable<VerifiedFact> Items()
    {
        if (_readable("items"))
        {
            object?[] row = One("repeated_items.sql", [("found_rows", _engine.ReadTable("items"))]);
            yield return Fact("items", "one row an item", row, (count, first) => $"items: {count} have more than one row, such as item {first}; restore an older version of the table");
        }
    }

    private IEnumerable<VerifiedFact> Embeddings()
    {
        if (_readable("item_embeddings"))
        {
            object?[] row = One("two_embeddings.sql", [("embeddings", _engine.ReadTable("item_embeddings"))]);
            yield return Fact(
                "item_embeddings",
                "one embedding a content",
                row,
                (count, first) => $"item_embeddings: {count} contents have more than one embedding of a model, such as that of item {first}; restore an older version of the table");
        }
    }

    private IEnumerable<VerifiedFact> Publications()
    {
        if (!_readable("published"))
        {
            yield break;
        }

        IRelation published = _engine.ReadTable("published");
        object?[] chain = One("broken_chain.sql", [("published", published)]);
        yield return Fact(
            "published",
            "generations without a gap",
            chain,
            (count, first) => $"published: {count} generations are missing or there twice, the first after generation {first}; restore an older version of the table");
        if (_readable("runs"))
        {
            object?[] runs = One("unknown_publications.sql", [("published", published), ("runs", _engine.ReadTable("runs"))]);
            yield return Fact(
                "published",
                "runs that published are known",
                runs,
                (count, first) => $"published: {count} generations are of runs that table runs does not have, such as {first}; restore table runs");
        }
    }

    private IEnumerable<VerifiedFact> Ids()
    {
        if (!_readable("published") || !_readable(CodebookChoice.Table) || !_readable("semantic_ids")
            || CodebookChoice.Published(_engine) is not { } codebook)
        {
            yield break;
        }

        IRelation centroids = _engine.ReadTable(CodebookChoice.Table);
        string? damaged = Failure(() => CodebookTable.Read(_engine, centroids, codebook));
        yield return new VerifiedFact(CodebookChoice.Table, "content of the published codebook", 1, codebook.CodebookId, damaged is null ? [] : [damaged]);
        IRelation ids = CurrentIds.Of(_engine, codebook.CodebookId);
        yield return Fact(
            "semantic_ids",
            "one ID an item",
            One("repeated_items.sql", [("found_rows", ids)]),
            (count, first) => $"semantic_ids: {count} items have more than one ID under codebook {codebook.CodebookId}, such as item {first}; restore an older version of the table");
        yield return Fact(
            "semantic_ids",
            "(codes, slot) unique",
            One("two_items.sql", [("ids", ids)]),
            (count, first) => $"semantic_ids: {count} IDs (codes, slot) belong to more than one item, such as {first}; restore an older version of the table");
        if (_readable("runs"))
        {
            yield return Fact(
                "semantic_ids",
                "runs that assigned are known",
                One("unknown_runs.sql", [("ids", ids), ("runs", _engine.ReadTable("runs"))]),
                (count, first) => $"semantic_ids: {count} IDs are of runs that table runs does not have, such as {first}; restore table runs");
        }

        if (!_readable("items") || !_readable("item_embeddings"))
        {
            yield break;
        }

        IRelation embeddings = _engine.ReadTable("item_embeddings");
        IRelation embedded = _engine.Sql(
            SqlScript.Load(typeof(EmbeddedItems), "embedded_items.sql").With("model_id", codebook.ModelId),
            ("embeddings", embeddings),
            ("items", _engine.ReadTable("items")));
        yield return Fact(
            "semantic_ids",
            "an ID for each embedded item",
            One("items_without_id.sql", [("embedded", embedded), ("ids", ids)]),
            (count, first) => $"semantic_ids: {count} embedded items have no ID, such as item {first}; run 'onerec assign'");
        if (damaged is null)
        {
            foreach (VerifiedFact fact in Codes(codebook, centroids, ids, embeddings))
            {
                yield return fact;
            }
        }
    }

    // Encodes the embeddings again that IDs were computed from.
    private IEnumerable<VerifiedFact> Codes(Codebook codebook, IRelation codebooks, IRelation ids, IRelation embeddings)
    {
        IRelation chosen = _engine.Sql(
            SqlScript.Load(typeof(RowChecks), "chosen_ids.sql")
                .With("order", OrderHash.Of(_options.Seed, "verify", "item_id"))
                .With("most", _all ? long.MaxValue : SampledItems),
            ("ids", ids));
        IRelation rows = _engine.Sql(
            SqlScript.Load(typeof(IdEmbeddings), "embeddings_with_ids.sql").With("model_id", codebook.ModelId).With("codebook_id", codebook.CodebookId),
            ("embeddings", embeddings),
            ("semantic_ids", chosen));
        using IMaterializedRelation encoded = _engine.Materialize(_engine.Map(
            rows,
            EncodeKernel.Call(_engine.Tables.State("semantic_ids")!.Schema.GetFieldByName("item_id").DataType),
            PartitionShape.Any,
            (EncodeKernel.CodebookSide, CodebookTable.Relation(_engine, codebooks, codebook.CodebookId))));
        object?[] found = One("wrong_codes.sql", [("ids", chosen), ("encoded", encoded)]);
        yield return Fact(
            "item_embeddings",
            "embeddings that IDs were computed from",
            [found[0], found[1], found[2]],
            (count, first) => $"item_embeddings: {count} embeddings are not there any more, or changed, such as that of item {first}; restore the table");
        yield return Fact(
            "semantic_ids",
            _all ? "codes computed again" : "codes computed again (sample)",
            [found[0], found[3], found[4]],
            (count, first) => $"semantic_ids: {count} IDs differ from the codes of their embeddings, such as that of item {first}; restore an older version of the table");
    }

    private static VerifiedFact Fact(string table, string check, object?[] row, Func<string, object?, string> problem)
    {
        long bad = (long)row[1]!;
        return new VerifiedFact(
            table, check, (long)row[0]!, "", bad == 0 ? [] : [problem(bad.ToString("N0", System.Globalization.CultureInfo.InvariantCulture), row[2])]);
    }

    // Rows checked, bad ones, and the first of them.
    private object?[] One(string script, (string Name, IRelation Relation)[] inputs) =>
        RowReader.Read(_engine.Collect(_engine.Sql(SqlScript.Load(typeof(RowChecks), script), inputs)))[0];

    private static string? Failure(Action check)
    {
        try
        {
            check();
            return null;
        }
        catch (OneRecException e)
        {
            return e.Message;
        }
    }
}
