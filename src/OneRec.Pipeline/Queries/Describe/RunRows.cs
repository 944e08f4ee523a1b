using System.Globalization;
using System.Text.Json.Nodes;

namespace OneRec.Pipeline.Queries.Describe;

/// <summary>Table <c>runs</c>, by run and step.</summary>
internal sealed class RunRows
{
    private const string Table = "runs";

    private readonly bool _exists;
    private readonly Dictionary<(string Run, string Step), RunRow> _rows = [];
    private readonly List<RunRow> _inOrder = [];

    /// <summary>Reads the table; no rows if it does not exist.</summary>
    public RunRows(ReadTables tables)
    {
        _exists = tables.Has(Table);
        foreach (RunRow row in tables.Rows(SqlScript.Load(typeof(RunRows), "run_rows.sql"), Table, Table).Select(r => new RunRow(r)))
        {
            _rows[(row.RunId, row.Step)] = row;
            _inOrder.Add(row);
        }
    }

    /// <summary>The rows of a step, old to new.</summary>
    public IEnumerable<RunRow> Of(string step) => _inOrder.Where(r => r.Step == step);

    /// <summary>The row of a step of a run; null if the table has none.</summary>
    public RunRow? Find(string runId, string step) => _rows.GetValueOrDefault((runId, step));

    /// <summary>A step of a run that a table names.</summary>
    /// <param name="name">Name of the fact.</param>
    /// <param name="runId">The run.</param>
    /// <param name="step">The step.</param>
    public LineageFact Fact(string name, string runId, string step) => Find(runId, step) is { } row
        ? Fact(name, row)
        : new LineageFact(
            name,
            new JsonObject { ["run_id"] = runId, ["step"] = step, ["in_runs"] = false, ["why"] = Gone },
            [$"{runId}, {step}", Gone]);

    /// <summary>A step of a run that no table names, found by its row.</summary>
    /// <param name="name">Name of the fact.</param>
    /// <param name="row">The row; null if none was found.</param>
    /// <param name="why">Why none was found, as in <c>no run of swing wrote version 3</c>.</param>
    public LineageFact Fact(string name, RunRow? row, string why) => row is not null
        ? Fact(name, row)
        : new LineageFact(name, new JsonObject { ["in_runs"] = false, ["why"] = _exists ? why : Gone }, [_exists ? $"not known: {why}" : $"not known: {Gone}"]);

    private string Gone => _exists
        ? "table runs has no row of it: it was removed, or the run was killed before it wrote the row"
        : "there is no table runs: restore it";

    private static LineageFact Fact(string name, RunRow row)
    {
        string seconds = row.Seconds.ToString("0.0", CultureInfo.InvariantCulture);
        string read = row.Inputs.Count == 0 ? "nothing" : string.Join(", ", row.Inputs.Select(i => Input(i.Key, RunRow.Text(i.Value) ?? "?")));
        string wrote = row.Tables.Count == 0 ? "no table" : string.Join(", ", row.Tables.Select(t => $"{t.Key} version {RunRow.Text(t.Value) ?? "?"}"));
        return new LineageFact(
            name,
            new JsonObject
            {
                ["run_id"] = row.RunId,
                ["step"] = row.Step,
                ["in_runs"] = true,
                ["finished_at"] = LineageFact.Iso(row.FinishedAt),
                ["seconds"] = double.IsFinite(row.Seconds) ? row.Seconds : null,
                ["code_version"] = row.CodeVersion,
                ["seed"] = row.Seed,
                ["fingerprint"] = row.Fingerprint,
                ["inputs"] = row.Inputs.DeepClone(),
                ["tables"] = row.Tables.DeepClone(),
                ["parameters"] = row.Parameters?.DeepClone(),
            },
            [
                $"{row.RunId}, {row.Step}: finished {LineageFact.Moment(row.FinishedAt)} in {seconds} s",
                $"read {read}; wrote {wrote}",
                $"onerec {row.CodeVersion}, seed {row.Seed}, fingerprint {row.Fingerprint}",
            ]);
    }

    // A table has a version; the user's files have a hash, of which the beginning tells them apart; a codebook has its id.
    private static string Input(string name, string identity) => identity switch
    {
        _ when long.TryParse(identity, NumberStyles.None, CultureInfo.InvariantCulture, out _) && identity.Length < 16 => $"{name} version {identity}",
        { Length: 64 } => $"{name} {identity[..16]}...",
        _ => $"{name} {identity}",
    };
}
