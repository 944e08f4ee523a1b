using System.CommandLine;
using OneRec.Cli.Backend;
using OneRec.Cli.Output;
using OneRec.Cli.Prompt;
using OneRec.Configuration;
using OneRec.Core;
using OneRec.Export.Files;
using OneRec.Pipeline.Running;

namespace OneRec.Cli.Commands;

/// <summary>Runs a SELECT over the tables.</summary>
internal sealed class SqlCommand : CliCommand
{
    private readonly Argument<string?> _select;
    private readonly Option<string?> _parquet;
    private readonly Option<bool> _overwrite;

    private SqlCommand(CommandGuide guide, Argument<string?> select, Option<string?> parquet, Option<bool> overwrite)
        : base(guide, select, parquet, overwrite)
    {
        (_select, _parquet, _overwrite) = (select, parquet, overwrite);
    }

    /// <summary>The command.</summary>
    public static SqlCommand Create(StepCatalogue steps) => new(
        new CommandGuide("sql", "run a SELECT over the tables")
        {
            Usage = "[SELECT] [options]",
            About =
            [
                $"Runs one SELECT (or WITH ... SELECT) over the tables {string.Join(", ", steps.Tables)}, and the view "
                + "current_ids (the published IDs of items that are not deleted). It is read-only. '-' reads the SELECT from "
                + "standard input.",
                "A table can be read as it was: items@12 is its version 12, items@'2026-11-30T02:00:00Z' the version at that time, "
                + "current_ids@'2026-11-30T02:00:00Z' the IDs that readers had then. Versions are kept for retention.days.",
                "Without a SELECT, at a terminal: a prompt. A statement may have several lines and ends with ';'; .tables, .schema TABLE, "
                + ".help and .quit are its commands; Ctrl-C drops what was typed or stops a query, Ctrl-D leaves. Each query reads the "
                + "tables as they are then. The lines are kept in onerec/sql_history of XDG_STATE_HOME (by default ~/.local/state), for "
                + "the next prompt, where only you can read them; a line that begins with a blank is not kept.",
                "--output json prints one array of objects; csv is RFC 4180; times are ISO 8601 in UTC. --parquet writes a Parquet "
                + "file instead, which is there whole or not at all.",
            ],
            Reads = "the tables that exist",
            Examples =
            [
                ("onerec sql \"SELECT * FROM current_ids LIMIT 5\" --conf conf/movielens.json", "Show five published IDs."),
                (
                    "onerec sql \"SELECT first_code, count(*) AS n FROM current_ids GROUP BY 1 ORDER BY n DESC LIMIT 10\" --output csv --conf my.json",
                    "Show the first codes with the most items."),
                (
                    "onerec sql \"SELECT item_id FROM current_ids EXCEPT SELECT item_id FROM current_ids@'2026-11-30'\" --conf my.json",
                    "Show the items that got an ID since then."),
                ("onerec sql \"SELECT * FROM item_similarity\" --parquet similar.parquet --conf my.json", "Write all rows to a file."),
                ("onerec sql --conf my.json", "Ask one question after another."),
                ("onerec sql - --output json --conf my.json < query.sql", "Run a longer query from a file."),
            ],
        },
        new Argument<string?>("SELECT") { Arity = ArgumentArity.ZeroOrOne, Description = "The SELECT; '-' reads it from standard input. Without it: a prompt, at a terminal." },
        new Option<string?>("--parquet") { HelpName = "FILE", Description = "Write the rows to this file." },
        new Option<bool>("--overwrite") { Description = "Replace the file of --parquet if it is there." });

    /// <inheritdoc/>
    public override int Execute(Invocation invocation)
    {
        string? select = invocation.Parse.GetValue(_select);
        if (select is null)
        {
            RunPrompt(invocation);
            return 0;
        }

        Session session = invocation.Open();
        bool overwrite = invocation.Parse.GetValue(_overwrite);
        string? file = invocation.Parse.GetValue(_parquet) is { } given ? Path.GetFullPath(given, invocation.Terminal.WorkingDirectory) : null;
        if (file is not null)
        {
            RowFile.Require(file, overwrite);
        }

        using RowSet rows = invocation.Backend.Sql(
            session, select == "-" ? invocation.Terminal.In.ReadToEnd() : select);
        if (file is null)
        {
            RowSetWriter.Write(rows, invocation.Format, invocation.Terminal.Out, name: null, invocation.Cancellation);
            return 0;
        }

        long count = RowFile.Write(file, rows.Schema, rows.Batches, overwrite, invocation.Cancellation);
        long size = new FileInfo(file).Length;
        FactsWriter.Write(
            [new Fact("file", file), Fact.Of("rows", count), new Fact("size", MemorySize.Format(size)) { Json = size }],
            invocation.Format,
            invocation.Terminal.Out);
        return 0;
    }

    private static void RunPrompt(Invocation invocation)
    {
        Terminal terminal = invocation.Terminal;
        if (terminal.Keyboard is not { } keyboard)
        {
            throw new CommandProblem(
                "cli.usage", ["give a SELECT, or '-' to read it from standard input; the prompt needs a terminal"], "run 'onerec sql --help' for usage");
        }

        Session session = invocation.Open();
        var history = new PromptHistory(PromptHistory.PathOf(terminal.Environment), terminal.Error.WriteLine);
        using var prompt = new SqlPrompt(
            new LineEditor(keyboard, terminal.Out, history),
            terminal,
            invocation.Format,
            invocation.Tell,
            stop => invocation.Backend.OpenSql(session with { Cancellation = stop }),
            invocation.Cancellation);
        prompt.Run();
        invocation.Cancellation.ThrowIfCancellationRequested();
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Problems(ParseResult parse)
    {
        if (parse.GetValue(_overwrite) && parse.GetValue(_parquet) is null)
        {
            yield return "--overwrite needs --parquet";
        }

        if (parse.GetValue(_select) is null && parse.GetValue(_parquet) is not null)
        {
            yield return "--parquet needs a SELECT";
        }

        if (parse.GetValue(_parquet) is { } file && string.IsNullOrWhiteSpace(file))
        {
            yield return "--parquet needs a file";
        }
    }
}
