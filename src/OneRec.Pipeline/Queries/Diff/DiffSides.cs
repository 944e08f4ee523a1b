using System.Globalization;
using OneRec.Core;
using OneRec.Pipeline.Queries.Describe;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Queries.Diff;

/// <summary>
/// Finds the versions of IDs that a user names: <c>current</c>, <c>previous</c>, <c>newest</c> or a codebook id, each also at a version
/// of <c>semantic_ids</c> or at a time (<c>current@12</c>, <c>current@2026-11-30</c>); what comes before <c>@</c> may be left out.
/// </summary>
internal sealed class DiffSides
{
    /// <summary>The side before, if none is named.</summary>
    public const string DefaultFrom = "previous";

    /// <summary>The side after, if none is named.</summary>
    public const string DefaultTo = "current";

    private const string Ids = "semantic_ids";
    private const string Published = "published";
    private const string Newest = "newest";

    private readonly IEngine _engine;
    private readonly long _now;

    /// <summary>Looks at the tables.</summary>
    /// <exception cref="OneRecException">There are no IDs yet (exit 4).</exception>
    public DiffSides(IEngine engine)
    {
        TableState state = engine.Tables.State(Ids) ?? throw OneRecException.Table("diff.no-ids", $"{Ids}: there are no IDs yet; run 'onerec run' first");
        (_engine, _now) = (engine, state.Version);
    }

    /// <summary>Reads one side.</summary>
    /// <param name="asked">As the user wrote it.</param>
    /// <exception cref="OneRecException">It names no IDs (exit 2), or there are none (exit 4).</exception>
    public DiffSide Read(string asked)
    {
        int at = asked.IndexOf('@', StringComparison.Ordinal);
        string name = at < 0 ? asked : asked[..at];
        name = name == CurrentIds.Name || (at >= 0 && (name is "" or Ids)) ? DefaultTo : name;
        TableMoment? moment = at < 0 ? null : TableMoment.Parse(asked[(at + 1)..].Trim('\'')) ?? throw Unknown(asked);
        long version = moment?.VersionOf(_engine, Ids, $"diff: {asked}") ?? _now;
        IReadOnlyList<Generation> generations = Generations(moment is { Time: not null } ? moment : null, asked);
        string codebook = name switch
        {
            DefaultTo when generations is [.., { } newest] => newest.CodebookId,
            DefaultTo when moment is { Time: not null } => throw OneRecException.Table("diff.published", $"diff: {asked}: no codebook was published then; name one by its id, such as ID{asked[at..]}"),
            DefaultTo => CodebookChoice.Resolve(_engine, DefaultTo).CodebookId,
            DefaultFrom => Before(generations)?.CodebookId ?? throw NoPrevious(asked),
            Newest when moment is null => CodebookChoice.Resolve(_engine, Newest).CodebookId,
            _ when EmbedOptions.IsId(name) => name,
            _ => throw Unknown(asked),
        };
        IRelation all = _engine.ReadTable(Ids, version);
        (string? model, long[] codes) = Codebook(codebook);
        var side = new DiffSide(asked, codebook, version, CurrentIds.Of(_engine, all, codebook))
        {
            Generation = generations.LastOrDefault(g => g.CodebookId == codebook),
            ModelId = model,
            Codes = codes,
        };
        return side.Counted(_engine, all);
    }

    // Of now, or of a time: a table that was made later had none.
    private Generation[] Generations(TableMoment? moment, string asked)
    {
        if (_engine.Tables.State(Published) is not { } state || (moment is { Time: { } time } && _engine.Tables.VersionAt(Published, time) is null))
        {
            return [];
        }

        SqlScript script = SqlScript.Load(typeof(LineageTables), "generations.sql");
        long version = moment?.VersionOf(_engine, Published, $"diff: {asked}") ?? state.Version;
        return [.. RowReader.Read(_engine.Collect(_engine.Sql(script, (Published, _engine.ReadTable(Published, version))))).Select(row => new Generation(row))];
    }

    private static Generation? Before(IReadOnlyList<Generation> generations) =>
        generations.LastOrDefault(g => g.CodebookId != generations[^1].CodebookId);

    private (string? ModelId, long[] Codes) Codebook(string id)
    {
        if (_engine.Tables.State(CodebookChoice.Table) is null)
        {
            return (null, []);
        }

        SqlScript script = SqlScript.Load(typeof(DiffSides), "diff_codebook.sql").With("codebook_id", id);
        List<object?[]> levels = RowReader.Read(_engine.Collect(_engine.Sql(script, ("codebooks", _engine.ReadTable(CodebookChoice.Table)))));
        return levels.Count == 0 ? (null, []) : ((string)levels[0][2]!, [.. levels.Select(l => (long)l[1]!)]);
    }

    private OneRecException NoPrevious(string asked) => OneRecException.Table(
        "diff.no-previous",
        string.Create(CultureInfo.InvariantCulture, $"diff: {asked}: no codebook was published before the current one; look at what the newest one would change ")
        + string.Create(CultureInfo.InvariantCulture, $"('onerec diff current newest'), or at an earlier version of the IDs ('onerec diff @{Math.Max(0, _now - 1)}')"));

    private static OneRecException Unknown(string asked) => OneRecException.Configuration(
        "diff.side",
        $"diff: '{asked}' names no IDs; write current, previous, newest or a codebook id, or one of these at a version of semantic_ids or at a time, "
        + "such as current@12 or @2026-11-30T02:00:00Z"
        + (asked.Contains('/', StringComparison.Ordinal) || asked.Contains('.', StringComparison.Ordinal) ? "; IDs of files are judged by 'onerec compare --ids'" : ""));
}
