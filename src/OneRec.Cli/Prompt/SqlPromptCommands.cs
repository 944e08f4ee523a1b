using Apache.Arrow.Types;
using OneRec.Cli.Backend;
using OneRec.Cli.Output;
using OneRec.Core;

namespace OneRec.Cli.Prompt;

/// <summary>The commands of the prompt, which begin with a dot.</summary>
/// <param name="output">Standard output.</param>
internal sealed class SqlPromptCommands(TextWriter output)
{
    private const int CellWidth = 80;

    private static readonly (string Command, string Does)[] Help =
    [
        ("SELECT ...;", "rows of the tables, and of the view current_ids; items@12 or items@'2026-11-30' for a table as it was"),
        (".tables", "the tables, with their newest versions"),
        (".schema TABLE", "the columns of a table"),
        (".help", "this list"),
        (".quit", "leaves, as Ctrl-D does"),
        ("Ctrl-C", "drops what was typed, or stops the query that runs"),
        ("Up, Down", "the lines before; a line that begins with a blank is not kept"),
    ];

    /// <summary>Whether a line leaves the prompt.</summary>
    public static bool Leaves(string line) => line.Trim().TrimEnd(';').TrimEnd() is ".quit" or ".exit" or "quit" or "exit";

    /// <summary>Runs one command.</summary>
    /// <exception cref="OneRecException">There is no such command or table.</exception>
    public void Run(string line, ISqlTables tables)
    {
        string[] words = line.Trim().TrimEnd(';').Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        switch (words)
        {
            case [".help"]:
                int width = Help.Max(h => h.Command.Length);
                foreach ((string command, string does) in Help)
                {
                    output.WriteLine($"{command.PadRight(width)}  {does}");
                }

                break;
            case [".tables"]:
                Write(["table", "version"], tables.Tables().Select(t => new[] { t.Name, t.Version is { } version ? $"{version}" : "view" }));
                break;
            case [".schema", var table]:
                Write(["column", "type"], tables.Schema(table).FieldsList.Select(f => new[] { f.Name, TypeOf(f.DataType) }));
                break;
            default:
                throw OneRecException.Configuration("sql.command", $"'{line.Trim()}' is no command of the prompt; the commands are .tables, .schema TABLE, .help and .quit");
        }
    }

    private void Write(string[] header, IEnumerable<string[]> rows)
    {
        var table = new TextTable(output, [.. header.Select(h => (h, false))], CellWidth);
        foreach (string[] row in rows)
        {
            table.Add(row);
        }

        table.End();
    }

    private static string TypeOf(IArrowType type) => type switch
    {
        StringType => "STRING",
        Int64Type => "BIGINT",
        Int32Type => "INT",
        FloatType => "FLOAT",
        DoubleType => "DOUBLE",
        BooleanType => "BOOLEAN",
        TimestampType => "TIMESTAMP",
        ListType list => $"ARRAY<{TypeOf(list.ValueDataType)}>",
        _ => type.Name,
    };
}
