using Apache.Arrow;
using OneRec.Cli.Backend;
using OneRec.Cli.Output;
using OneRec.Cli.Prompt;
using OneRec.Core;

namespace OneRec.Cli.Tests.Prompt;

/// <summary>The prompt, with tables that tell what they were asked.</summary>
public sealed class SqlPromptTests : IDisposable
{
    private readonly List<string> _asked = [];
    private readonly StringWriter _out = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };
    private int _opened;
    private Func<bool>? _interrupt;

    public void Dispose()
    {
        _out.Dispose();
        _error.Dispose();
    }

    [Fact]
    public void A_statement_goes_over_lines_until_a_semicolon_that_is_in_no_text_or_comment()
    {
        Run("SELECT 1\nFROM items; SELECT ';' -- a;\n;;\n/* b; */ SELECT $$;$$, a$b FROM x; \n.quit\nSELECT 2;\n");
        Assert.Equal(["SELECT 1\nFROM items", " SELECT ';' -- a;\n", "/* b; */ SELECT $$;$$, a$b FROM x"], _asked);
        Assert.Equal(1, _opened);
    }

    [Fact]
    public void Errors_are_told_and_do_not_end_it()
    {
        Run("SELECT fails;\nSELECT 1;\n.nope\n.schema\n.schema nope\nSELECT bug;\nSELECT 2;\n^D");
        Assert.Equal(["SELECT fails", "SELECT 1", "SELECT bug", "SELECT 2"], _asked);
        string[] errors = _error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("error sql.test: it fails", errors[0]);
        Assert.Contains("'.nope' is no command of the prompt; the commands are .tables", errors[1], StringComparison.Ordinal);
        Assert.Contains("'.schema' is no command", errors[2], StringComparison.Ordinal);
        Assert.Equal("error sql.table: there is no table nope", errors[3]);
        Assert.StartsWith("error bug: InvalidOperationException", errors[4], StringComparison.Ordinal);
        Assert.Equal(1, _opened);
    }

    [Fact]
    public void Commands_show_tables_and_columns()
    {
        Run(".tables\n.schema items;\n.help\nexit\nSELECT 1;\n");
        Assert.Contains("table        version\n-----------  -------\nitems        7\ncurrent_ids  view\n", _out.ToString(), StringComparison.Ordinal);
        Assert.Contains("column   type\n-------  ----------\nitem_id  BIGINT\ncodes    ARRAY<INT>\n", _out.ToString(), StringComparison.Ordinal);
        Assert.Contains("drops what was typed", _out.ToString(), StringComparison.Ordinal);
        Assert.Empty(_asked);
    }

    [Fact]
    public void Ctrl_C_drops_the_lines_of_a_statement()
    {
        Run("SELECT wrong\nFROM^CSELECT 1;\n^D");
        Assert.Equal(["SELECT 1"], _asked);
    }

    [Fact]
    public void Ctrl_C_stops_a_query_and_the_next_one_has_fresh_tables()
    {
        Run("SELECT forever;\nSELECT 1;\n^D");
        Assert.Equal(["SELECT forever", "SELECT 1"], _asked);
        Assert.Equal("stopped\n", _error.ToString());
        Assert.Equal(2, _opened);
        Assert.True(_interrupt!());
    }

    [Fact]
    public void A_reader_that_is_gone_ends_it() =>
        Assert.Throws<OutputException>(() => Run("SELECT gone;\nSELECT 1;\n"));

    [Fact]
    public void A_signal_ends_it()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Run("SELECT 1;\n", cancellation: stop.Token);
        Assert.Empty(_asked);
    }

    [Fact]
    public void Rows_come_in_the_format_that_was_asked_for()
    {
        Run("SELECT 1;\n^D", OutputFormat.Csv);
        Assert.Contains("\nitem_id,codes\r\n", _out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_terminal_a_SELECT_is_needed()
    {
        var onerec = new Started();
        Assert.Equal(2, onerec.Run("sql"));
        Assert.Contains("give a SELECT, or '-' to read it from standard input; the prompt needs a terminal", onerec.Error, StringComparison.Ordinal);
        Assert.Equal(2, onerec.Run("sql", "--parquet", "x"));
        Assert.Contains("--parquet needs a SELECT", onerec.Error, StringComparison.Ordinal);
    }

    private void Run(string keys, OutputFormat format = OutputFormat.Text, CancellationToken cancellation = default)
    {
        var terminal = new Terminal
        {
            In = TextReader.Null,
            Out = _out,
            Error = new ErrorLines(_error),
            WorkingDirectory = "/",
            OnInterrupt = act =>
            {
                _interrupt = act;
                return null;
            },
        };
        var lines = new LineEditor(new FakeKeyboard(200).Type(keys), TextWriter.Null, new PromptHistory(null, _ => { }));
        using var prompt = new SqlPrompt(
            lines, terminal, format, e => Failure.Report(e, terminal.Error, verbose: false, CancellationToken.None), stop => new Tables(this, stop), cancellation);
        prompt.Run();
    }

    private sealed class Tables : ISqlTables
    {
        private static readonly Schema Columns = new(
            [new Field("item_id", Apache.Arrow.Types.Int64Type.Default, false), new Field("codes", new Apache.Arrow.Types.ListType(Apache.Arrow.Types.Int32Type.Default), false)], null);

        private readonly SqlPromptTests _test;
        private readonly CancellationToken _stop;

        public Tables(SqlPromptTests test, CancellationToken stop)
        {
            (_test, _stop) = (test, stop);
            test._opened++;
        }

        public RowSet Sql(string select)
        {
            Assert.False(_stop.IsCancellationRequested);
            _test._asked.Add(select);
            return select switch
            {
                "SELECT fails" => throw OneRecException.Configuration("sql.test", "it fails"),
                "SELECT bug" => throw new InvalidOperationException("a bug"),
                "SELECT gone" => throw new OutputException("gone", isReaderGone: true),
                "SELECT forever" => new RowSet(Columns, Forever()),
                _ => new RowSet(Columns, []),
            };
        }

        IReadOnlyList<(string Name, long? Version)> ISqlTables.Tables() => [("items", 7), ("current_ids", null)];

        public Schema Schema(string table) => table == "items" ? Columns : throw OneRecException.Configuration("sql.table", $"there is no table {table}");

        public void Dispose()
        {
        }

        private IEnumerable<RecordBatch> Forever()
        {
            Assert.True(_test._interrupt!());
            Assert.False(_test._interrupt());
            _stop.ThrowIfCancellationRequested();
            yield break;
        }
    }
}
