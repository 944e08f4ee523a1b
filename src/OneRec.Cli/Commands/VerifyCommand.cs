using System.CommandLine;
using OneRec.Cli.Output;
using OneRec.Core;
using OneRec.Pipeline.Queries.Verify;

namespace OneRec.Cli.Commands;

/// <summary>Verifies the tables.</summary>
internal sealed class VerifyCommand : CliCommand
{
    private readonly Option<bool> _all;

    private VerifyCommand(CommandGuide guide, Option<bool> all)
        : base(guide, all) => _all = all;

    /// <summary>The command.</summary>
    public static VerifyCommand Create() => new(
        new CommandGuide("verify", "verify that the tables are whole and belong together")
        {
            About =
            [
                "Reads every file that the logs name and compares its size, rows and SHA-256 with what its writer recorded. Files "
                + "of other programs are compared with what the first 'verify' saw. Then it checks that rows belong together: one "
                + "row per item, one ID per embedded item, (codes, slot) unique, codes equal to those of the embeddings, no gap "
                + "in the published generations, runs known.",
                "Nothing is changed, and a run may go on meanwhile. Exit code 4 if anything is wrong; each problem is one line "
                + "that names the table, the file or the first row, and what to do.",
            ],
            Reads = "all tables",
            Writes = "checksums of other programs' files, in tables/.checksums",
            Examples =
            [
                ("onerec verify --conf my.json", "After a bad night."),
                ("onerec verify --conf my.json --all", "Compute the codes of all items again, not of 10,000."),
                ("onerec verify --conf my.json --output json", "For a monitor."),
            ],
        },
        new Option<bool>("--all") { Description = "Compute all codes again, not only those of 10,000 items." });

    /// <inheritdoc/>
    public override int Execute(Invocation invocation)
    {
        Backend.Session session = invocation.Open();
        bool all = invocation.Parse.GetValue(_all);
        IReadOnlyList<VerifiedFact> facts = invocation.Progress.Watch(observer => invocation.Backend.Verify(session, all, observer));
        VerifyWriter.Write(facts, invocation.Format, invocation.Terminal.Out);
        return facts.Any(f => f.Problems.Count > 0) ? (int)ErrorKind.Table : 0;
    }
}
