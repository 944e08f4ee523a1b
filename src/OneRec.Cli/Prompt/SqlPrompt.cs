using System.Text;
using OneRec.Cli.Backend;
using OneRec.Cli.Output;
using OneRec.Pipeline.Queries;

namespace OneRec.Cli.Prompt;

/// <summary>
/// The prompt of <c>sql</c>: reads statements until <c>;</c> and commands that begin with a dot. Errors are told and do not end it.
/// Ctrl-C drops what was typed, or stops the query that runs; Ctrl-D leaves.
/// </summary>
/// <param name="lines">Reads lines.</param>
/// <param name="terminal">Where results and errors go.</param>
/// <param name="format">The format of results.</param>
/// <param name="tell">Tells a failure.</param>
/// <param name="open">Opens the tables; the token stops their queries.</param>
/// <param name="cancellation">Ends the prompt.</param>
internal sealed class SqlPrompt(
    LineEditor lines, Terminal terminal, OutputFormat format, Action<Exception> tell, Func<CancellationToken, ISqlTables> open, CancellationToken cancellation)
    : IDisposable
{
    private const string First = "onerec> ";
    private const string More = "   ...> ";

    private readonly SqlPromptCommands _commands = new(terminal.Out);
    private CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
    private ISqlTables? _tables;
    private volatile bool _isBusy;

    /// <summary>Reads and answers until the user leaves.</summary>
    public void Run()
    {
        terminal.Out.WriteLine("SELECT over the tables; a statement ends with ';'. .help shows what else there is, .quit or Ctrl-D leaves.");
        using IDisposable? interrupt = terminal.OnInterrupt(Interrupt);
        var typed = new StringBuilder();
        while (!cancellation.IsCancellationRequested)
        {
            bool fresh = SqlStatements.IsEmpty(typed.ToString());
            PromptLine line = lines.Read(fresh ? First : More);
            if (line.End == LineEnd.Ended || (fresh && SqlPromptCommands.Leaves(line.Text)))
            {
                return;
            }

            if (line.End == LineEnd.Dropped)
            {
                typed.Clear();
            }
            else if (fresh && line.Text.TrimStart().StartsWith('.'))
            {
                Answer(tables => _commands.Run(line.Text, tables));
            }
            else
            {
                typed.Append(line.Text).Append('\n');
                RunStatements(typed);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tables?.Dispose();
        _stop.Dispose();
    }

    private void RunStatements(StringBuilder typed)
    {
        string left = typed.ToString();
        while (!cancellation.IsCancellationRequested && SqlStatements.First(left, out string rest) is { } statement)
        {
            left = rest;
            if (!SqlStatements.IsEmpty(statement))
            {
                Answer(tables => Show(tables, statement));
            }
        }

        typed.Clear().Append(SqlStatements.IsEmpty(left) ? "" : left);
    }

    private void Show(ISqlTables tables, string statement)
    {
        using RowSet rows = tables.Sql(statement);
        RowSetWriter.Write(rows, format, terminal.Out, name: null, _stop.Token);
    }

    private void Answer(Action<ISqlTables> answer)
    {
        try
        {
            _isBusy = true;
            answer(_tables ??= open(_stop.Token));
            terminal.Out.Flush();
        }
        catch (Exception e) when (e is not OutputException && !cancellation.IsCancellationRequested)
        {
            terminal.Out.Flush();
            if (!_stop.IsCancellationRequested)
            {
                tell(e);
            }
        }
        finally
        {
            _isBusy = false;
        }

        if (_stop.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            StartAnew();
        }
    }

    // A second Ctrl-C ends the program: the query does not stop. Between queries there is nothing to stop.
    private bool Interrupt()
    {
        if (_isBusy && _stop.IsCancellationRequested)
        {
            return false;
        }

        if (_isBusy)
        {
            _stop.Cancel();
        }

        return true;
    }

    // An engine whose query was stopped is not used again.
    private void StartAnew()
    {
        terminal.Error.WriteLine("stopped");
        _tables?.Dispose();
        _tables = null;
        _stop.Dispose();
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
    }
}
