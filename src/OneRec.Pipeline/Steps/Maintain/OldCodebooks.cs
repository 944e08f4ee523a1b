using OneRec.Pipeline.Running;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Maintain;

/// <summary>Codebooks that are not retained, and models that no retained codebook uses.</summary>
/// <param name="Codebooks">Ids of the codebooks.</param>
/// <param name="Models">Ids of the models.</param>
internal sealed record OldCodebooks(IReadOnlyList<string> Codebooks, IReadOnlyList<string> Models)
{
    private const string Ids = "semantic_ids";
    private const string Embeddings = "item_embeddings";

    /// <summary>Finds them.</summary>
    /// <param name="run">The run.</param>
    /// <param name="newest">The codebook that was trained last; null if the log does not say.</param>
    /// <returns>None if nothing is published: then nobody has said which codebooks matter.</returns>
    public static OldCodebooks Find(StepRun run, string? newest)
    {
        PinnedTable published = run.Input("published");
        PinnedTable codebooks = run.Output(CodebookChoice.Table);
        if (published.State is null || codebooks.State is null)
        {
            return new OldCodebooks([], []);
        }

        HashSet<string> kept =
        [
            .. Texts(run, "published_codebooks.sql", ("published", published.Rows)).Select(row => row[0]).Take(run.Options.Retention.Codebooks),
            .. newest is null ? [] : new[] { newest },
        ];
        List<string[]> all = Texts(run, "codebook_models.sql", ("codebooks", codebooks.Rows));
        HashSet<string> used = [.. all.Where(row => kept.Contains(row[0])).Select(row => row[1])];
        IEnumerable<string> withIds = run.Output(Ids) is { State: not null } ids ? Texts(run, "codebooks_with_ids.sql", (Ids, ids.Rows)).Select(row => row[0]) : [];
        IEnumerable<string> old = all.Select(row => row[0]).Union(withIds).Where(id => !kept.Contains(id));
        IEnumerable<string> unused = all.Where(row => !kept.Contains(row[0])).Select(row => row[1]).Distinct().Where(model => !used.Contains(model));
        return new OldCodebooks([.. old.Order(StringComparer.Ordinal)], [.. unused.Order(StringComparer.Ordinal)]);
    }

    /// <summary>Removes their rows: first IDs, then centroids, then embeddings, so that what is left always belongs together.</summary>
    /// <returns>The tables' new versions.</returns>
    public IReadOnlyList<TableVersion> Remove(StepRun run) =>
    [
        .. new[]
        {
            Remove(run, Ids, "codebook_id", Codebooks, ids => OneRecTables.SemanticIds(ids.IdType)),
            Remove(run, CodebookChoice.Table, "codebook_id", Codebooks, _ => OneRecTables.Codebooks()),
            Remove(run, Embeddings, "model_id", Models, embeddings => OneRecTables.ItemEmbeddings(embeddings.IdType)),
        }.OfType<TableVersion>(),
    ];

    // The table's version after its partitions are gone; null if none went.
    private static TableVersion? Remove(
        StepRun run, string table, string column, IReadOnlyList<string> values, Func<PinnedTable, TableDefinition> definition)
    {
        TableVersion? version = null;
        foreach (string value in values)
        {
            PinnedTable there = run.Output(table);
            if (there.State is null)
            {
                break;
            }

            TableDefinition shape = definition(there);
            version = run.Write(
                run.Engine.FromRows(shape.Schema, []),
                new TableWrite(shape, new WriteMode.Replace(new Dictionary<string, string> { [column] = value }), run.Note()) { ReadVersion = there.State.Version },
                out _);
        }

        return version;
    }

    /// <summary>Says which they are.</summary>
    public void Report(StepRun run, bool dryRun)
    {
        string verb = dryRun ? "would be removed" : "removed";
        foreach (string codebook in Codebooks)
        {
            run.Report($"codebook {codebook} {verb}, with its IDs");
        }

        foreach (string model in Models)
        {
            run.Report($"embeddings of model {model} {verb}");
        }
    }

    private static List<string[]> Texts(StepRun run, string script, (string Name, IRelation Relation) input) =>
    [
        .. RowReader.Read(run.Engine.Collect(run.Engine.Sql(SqlScript.Load(typeof(OldCodebooks), script), input)))
            .Select(row => row.Select(value => (string)value!).ToArray()),
    ];
}
