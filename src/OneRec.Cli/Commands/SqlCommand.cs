using System.CommandLine;
using OneRec.Cli.Backend;
using OneRec.Cli.Output;
using OneRec.Pipeline.Running;

namespace OneRec.Cli.Commands;

/// <summary>Runs a SELECT over the tables.</summary>
internal sealed class SqlCommand : CliCommand
{
    private readonly Argument<string> _select;

    private SqlCommand(CommandGuide guide, Argument<string> select)
        : base(guide, select) => _select = select;

    /// <summary>The command.</summary>
    public static SqlCommand Create(StepCatalogue steps) => new(
        new CommandGuide("sql", "run a SELECT over the tables")
        {
            Usage = "SELECT [options]",
            About =
            [
                $"Runs one SELECT (or WITH ... SELECT) over the tables {string.Join(", ", steps.Tables)}, and the view "
                + "current_ids (the published IDs of items that are not deleted). It is read-only. '-' reads the SELECT from "
                + "standard input.",
                "--output json prints one array of objects; csv is RFC 4180; times are ISO 8601 in UTC.",
            ],
            Reads = "the tables that exist",
            Examples =
            [
                ("onerec sql \"SELECT * FROM current_ids LIMIT 5\" --conf conf/movielens.json", "Show five published IDs."),
                (
                    "onerec sql \"SELECT first_code, count(*) AS n FROM current_ids GROUP BY 1 ORDER BY n DESC LIMIT 10\" --output csv --conf my.json",
                    "Show the first codes with the most items."),
                ("onerec sql - --output json --conf my.json < query.sql", "Run a longer query from a file."),
            ],
        },
        new Argument<string>("SELECT") { Description = "The SELECT; '-' reads it from standard input." });

    /// <inheritdoc/>
    public override int Execute(Invocation invocation)
    {
        Session session = invocation.Open();
        string select = invocation.Parse.GetRequiredValue(_select);
        using RowSet rows = invocation.Backend.Sql(
            session, select == "-" ? invocation.Terminal.In.ReadToEnd() : select);
        RowSetWriter.Write(rows, invocation.Format, invocation.Terminal.Out, name: null, invocation.Cancellation);
        return 0;
    }
}
