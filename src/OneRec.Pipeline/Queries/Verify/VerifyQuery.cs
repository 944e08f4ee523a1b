using System.Globalization;
using OneRec.Configuration;
using OneRec.Core;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;

namespace OneRec.Pipeline.Queries.Verify;

/// <summary>
/// Verifies the tables: the bytes of their files, and that what the steps wrote belongs together. Reads only; a run may go on
/// meanwhile.
/// </summary>
public static class VerifyQuery
{
    /// <summary>Verifies all tables.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="tables">The tables of the program.</param>
    /// <param name="all">Whether all codes are computed again, not only those of a sample.</param>
    /// <param name="observer">Gets progress.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    /// <exception cref="OneRecException">Table error <c>verify.no-tables</c>: there is nothing to verify.</exception>
    public static IReadOnlyList<VerifiedFact> Run(
        IEngine engine, OneRecOptions options, IReadOnlyList<string> tables, bool all, IRunObserver observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentNullException.ThrowIfNull(observer);
        observer.Started("verify");
        var facts = new List<VerifiedFact>();
        var broken = new HashSet<string>(StringComparer.Ordinal);
        foreach (string table in tables)
        {
            cancellation.ThrowIfCancellationRequested();
            if (engine.Upkeep.Verify(table, (done, total) => observer.Progressed("verify", table, done, total, "bytes")) is not { } found)
            {
                continue;
            }

            facts.Add(new VerifiedFact(
                table, "files", found.Files, string.Create(CultureInfo.InvariantCulture, $"version {found.Version}, {MemorySize.Format(found.Bytes)}"), found.Problems));
            if (found.Problems.Count > 0)
            {
                broken.Add(table);
            }
        }

        if (facts.Count == 0)
        {
            throw OneRecException.Table("verify.no-tables", $"{options.Tables} has no tables yet; run 'onerec run' first");
        }

        // Rows of a table whose files are damaged are not read: its files are the finding.
        facts.AddRange(RowChecks.Run(engine, options, t => engine.Tables.State(t) is not null, broken, all));
        return facts;
    }
}

/// <summary>One check of a verification.</summary>
/// <param name="Table">The table.</param>
/// <param name="Check">What was checked.</param>
/// <param name="Checked">Number of files or rows checked.</param>
/// <param name="Detail">Further detail; empty for none.</param>
/// <param name="Problems">What is wrong, one line each; empty if nothing is.</param>
public sealed record VerifiedFact(string Table, string Check, long Checked, string Detail, IReadOnlyList<string> Problems);
