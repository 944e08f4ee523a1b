using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Pipeline.Queries;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Tables;
using OneRec.Report.Model;

namespace OneRec.Report.Reading;

/// <summary>Reads the page's model from the tables, for the codebook that was evaluated last.</summary>
internal sealed class ReportReader
{
    private const int MostCrowded = 8;
    private const int TitlesOfCrowded = 4;
    private const int MostReasons = 40;

    // Two months of nights.
    private const int MostEvaluations = 60;

    private readonly StepRun _run;
    private readonly IQueryEngine _engine;

    /// <summary>Creates a reader of the run's tables.</summary>
    public ReportReader(StepRun run) => (_run, _engine) = (run, run.Engine);

    /// <summary>All tables that the page reads.</summary>
    public static IReadOnlyList<string> Tables { get; } =
    [
        "items", "item_similarity", "item_pairs", "item_embeddings", "codebooks", "semantic_ids", "quality", "quarantine",
        "published", "runs",
    ];

    /// <summary>The step whose newest commit to a table the page needs; null if it needs none.</summary>
    public static string? MakerOf(string table) => table switch
    {
        "quality" => "evaluate",
        "codebooks" => "train",
        "semantic_ids" => "assign",
        _ => null,
    };

    /// <summary>Reads everything.</summary>
    /// <param name="fingerprint">The fingerprint of the report's plan.</param>
    /// <param name="examples">Number of items to show with their neighbours.</param>
    /// <param name="prefixes">Number of prefixes of the first level to show.</param>
    /// <exception cref="OneRecException">A required table is missing (exit 4).</exception>
    public ReportModel Read(string fingerprint, int examples, int prefixes)
    {
        PinnedTable assigned = Require("semantic_ids", "assign");
        IArrowType id = assigned.IdType;
        Require("items", "ingest");
        Require("codebooks", "train");
        Require("quality", "evaluate");
        (IReadOnlyList<StepReport> steps, IReadOnlyList<string> evaluations) = RunsReader.Read(_engine, _run.Input("runs"));
        string run = _run.Input("quality").NewestRun
            ?? evaluations.LastOrDefault()
            ?? throw NotEvaluated();
        string codebook = Evaluated(run);
        (string model, IReadOnlyList<int> codes) = Codebook(codebook);
        MeasureSet measures = Measures(codebook);
        IRelation current = CurrentIds.Of(_engine, assigned.Rows, codebook);
        IRelation items = _run.Input("items").Rows;
        IRelation similarity = _run.Input("item_similarity").RowsOr(OneRecTables.ItemSimilarity(id));
        IRelation popularity = _engine.Sql(SqlScript.Load(typeof(ReportReader), "report_popularity.sql"), ("item_similarity", similarity));
        using IMaterializedRelation ids = _engine.Materialize(
            _engine.Sql(SqlScript.Load(typeof(ReportReader), "report_ids.sql"), ("current_ids", current), ("popularity", popularity)));
        IReadOnlyList<long[]> usage = Usage(ids, codes);
        string? trained = _run.Input("codebooks").NewestRun;
        string? previous = evaluations.LastOrDefault(e => e != run);
        (long newIds, string? assignedBy) = Assigned(current);
        return new ReportModel
        {
            RunId = _run.RunId,
            GeneratedAt = _run.Clock.GetUtcNow(),
            Product = "OneRec.Spark " + CodeVersion.Text,
            Fingerprint = fingerprint,
            CodebookId = codebook,
            ModelId = model,
            Publication = Publication(),
            NewIds = newIds,
            AssignedBy = assignedBy,
            Levels = [.. codes.Select((k, level) => measures.Level(run, codebook, level, k, trained, usage[level]))],
            Collisions = Collisions(ids, items),
            Previous = previous is null ? null : measures.Evaluation(previous),
            Evaluations = [.. evaluations.Where(e => e != run).TakeLast(MostEvaluations - 1).Append(run).Select(measures.Evaluation).OfType<EvaluationReport>()],
            Tree = new TreeReader(_engine, ids, items, codes.Count).Read(prefixes),
            Examples = new NeighbourReader(_engine, ids, items, similarity).Read(examples),
            Alignment = AlignmentReader.Read(_run.Options.Models, model),
            Refused = Refused(steps),
            Provenance = new ProvenanceReport(
                [.. Tables.Where(t => t != "runs").Select(t => new TableReport(t, _run.Input(t).State?.DataVersion))],
                steps),
        };
    }

    private static OneRecException NotEvaluated() => OneRecException.Table(
        "report.not-evaluated",
        "quality: no codebook has been evaluated yet; run 'onerec evaluate' first");

    private PinnedTable Require(string table, string step) => _run.Input(table) is { State: not null } existing
        ? existing
        : throw OneRecException.Table("report.no-table", $"there is no table '{table}' yet; run 'onerec {step}' first");

    private string Evaluated(string run)
    {
        SqlScript script = SqlScript.Load(typeof(ReportReader), "report_evaluated.sql").With("run_id", run);
        List<object?[]> rows = Values.Rows(_engine, script, ("quality", _run.Input("quality").Rows));
        return rows.Count == 0 ? throw NotEvaluated() : Values.Text(rows[0][0]);
    }

    private (string ModelId, IReadOnlyList<int> Codes) Codebook(string codebook)
    {
        SqlScript script = SqlScript.Load(typeof(ReportReader), "report_codebook.sql").With("codebook_id", codebook);
        List<object?[]> rows = Values.Rows(_engine, script, ("codebooks", _run.Input("codebooks").Rows));
        if (rows.Count == 0)
        {
            throw OneRecException.Table(
                "report.no-codebook",
                $"codebooks: codebook {codebook}, which was evaluated last, no longer exists; run 'onerec evaluate' again");
        }

        return (Values.Text(rows[0][2]), [.. rows.OrderBy(r => Values.Whole(r[0])).Select(r => (int)Values.Whole(r[1]))]);
    }

    private MeasureSet Measures(string codebook)
    {
        SqlScript script = SqlScript.Load(typeof(ReportReader), "report_measures.sql").With("codebook_id", codebook);
        return new MeasureSet(
        [
            .. Values.Rows(_engine, script, ("quality", _run.Input("quality").Rows)).Select(row => new Measure(
                Values.Text(row[0]),
                (string?)row[1],
                Values.Text(row[2]),
                Values.Small(row[3]),
                Values.Small(row[4]),
                Values.Real(row[5]))),
        ]);
    }

    private List<long[]> Usage(IRelation ids, IReadOnlyList<int> codes)
    {
        Schema schema = new([new Field("level", Int32Type.Default, nullable: false)], null);
        IRelation levels = Values.Relation(_engine, schema, [.. codes.Select((_, level) => new object?[] { level })]);
        List<long[]> usage = [.. codes.Select(k => new long[k])];
        foreach (object?[] row in Values.Rows(_engine, SqlScript.Load(typeof(ReportReader), "report_usage.sql"), ("ids", ids), ("levels", levels)))
        {
            int level = (int)Values.Whole(row[0]);
            string text = Values.Text(row[1]);
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int code) || code >= usage[level].Length)
            {
                throw OneRecException.Table(
                    "report.foreign-id",
                    $"semantic_ids: an ID has code '{text}' at level {level}, which is not in table codebooks; run 'onerec assign' again");
            }

            usage[level][code] = Values.Whole(row[2]);
        }

        return usage;
    }

    private CollisionReport Collisions(IRelation ids, IRelation items)
    {
        BucketReport[] buckets =
        [
            .. Values.Rows(_engine, SqlScript.Load(typeof(ReportReader), "report_buckets.sql"), ("ids", ids))
                .Select(row => new BucketReport(Values.Whole(row[0]), Values.Whole(row[1])))
                .OrderBy(b => b.Size),
        ];
        SqlScript script = SqlScript.Load(typeof(ReportReader), "report_crowded.sql").With("sids", MostCrowded).With("titles", TitlesOfCrowded);
        List<object?[]> crowded = Values.Rows(_engine, script, ("ids", ids), ("items", items));
        return new CollisionReport(
            buckets.Sum(b => b.Size * b.Sids),
            buckets.Sum(b => b.Sids),
            buckets.Where(b => b.Size > 1).Sum(b => b.Size * b.Sids),
            buckets.Length == 0 ? 0 : buckets[^1].Size)
        {
            Buckets = buckets,
            Crowded =
            [
                .. crowded
                    .GroupBy(row => (Sid: Values.Text(row[0]), Items: Values.Whole(row[1])))
                    .OrderByDescending(g => g.Key.Items)
                    .ThenBy(g => g.Key.Sid, StringComparer.Ordinal)
                    .Select(g => new CrowdedReport(
                        g.Key.Sid,
                        g.Key.Items,
                        [.. g.OrderBy(row => Values.Whole(row[2])).Select(row => (string?)row[4] ?? Values.Text(row[3]))])),
            ],
        };
    }

    private PublicationReport? Publication()
    {
        if (_run.Input("published").State is null)
        {
            return null;
        }

        List<object?[]> rows = Values.Rows(
            _engine,
            SqlScript.Load(typeof(ReportReader), "report_published.sql"),
            ("published", _run.Input("published").Rows));
        return rows.Count == 0
            ? null
            : new PublicationReport(Values.Whole(rows[0][0]), Values.Text(rows[0][1]), (DateTimeOffset)rows[0][2]!);
    }

    private (long Items, string? RunId) Assigned(IRelation current)
    {
        if (_run.Input("semantic_ids").NewestRun is not { } run)
        {
            return (0, null);
        }

        SqlScript script = SqlScript.Load(typeof(ReportReader), "report_assigned.sql").With("run_id", run);
        return (Values.Whole(Values.Rows(_engine, script, ("current_ids", current))[0][0]), run);
    }

    private IReadOnlyList<RefusedReport> Refused(IReadOnlyList<StepReport> steps)
    {
        if (_run.Input("quarantine").State is null || steps.Count == 0)
        {
            return [];
        }

        Schema schema = new(
            [new Field("run_id", StringType.Default, nullable: false), new Field("step", StringType.Default, nullable: false)],
            null);
        IRelation newest = Values.Relation(_engine, schema, [.. steps.Select(s => new object?[] { s.RunId, s.Step })]);
        SqlScript script = SqlScript.Load(typeof(ReportReader), "report_quarantine.sql").With("reasons", MostReasons);
        return
        [
            .. Values.Rows(_engine, script, ("quarantine", _run.Input("quarantine").Rows), ("newest", newest))
                .Select(row => new RefusedReport(Values.Text(row[0]), Values.Text(row[1]), Values.Whole(row[2])))
                .OrderByDescending(r => r.Rows),
        ];
    }
}
