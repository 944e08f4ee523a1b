namespace OneRec.Cli.Prompt;

/// <summary>A walk through the history while a line is edited: what was typed is kept below it.</summary>
/// <param name="history">The history.</param>
internal sealed class HistoryPlace(PromptHistory history)
{
    private readonly IReadOnlyList<string> _lines = history.Lines;
    private int _at = history.Lines.Count;
    private string _typed = "";

    /// <summary>The line before; the given one at the oldest.</summary>
    public string Older(string now) => Go(now, -1);

    /// <summary>The line after; at the end what was typed.</summary>
    public string Newer(string now) => Go(now, 1);

    private string Go(string now, int step)
    {
        int to = _at + step;
        if (to < 0 || to > _lines.Count)
        {
            return now;
        }

        _typed = _at == _lines.Count ? now : _typed;
        _at = to;
        return to == _lines.Count ? _typed : _lines[to];
    }
}
