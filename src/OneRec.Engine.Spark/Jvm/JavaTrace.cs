using System.Text.RegularExpressions;

namespace OneRec.Engine.Spark.Jvm;

/// <summary>Parses an exception from the text of Java's <c>printStackTrace</c>, for a bridge that returns only this text.</summary>
public static partial class JavaTrace
{
    private const string CausedBy = "Caused by: ";

    /// <summary>The exception and its causes, outermost first; empty if the text is not a stack trace.</summary>
    /// <remarks>
    /// A message ends at the first frame below it. Spark's messages quote the stack trace of an executor: its causes come
    /// between the exception with that message and the causes of that exception.
    /// </remarks>
    public static IReadOnlyList<JvmCause> Chain(string trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        List<JvmCause> chain = [];
        bool isMessage = false;
        foreach (string line in trace.Split('\n'))
        {
            if (Frame().IsMatch(line))
            {
                isMessage = false;
            }
            else if (isMessage)
            {
                chain[^1] = chain[^1] with { Message = $"{chain[^1].Message}\n{line}" };
            }
            else if (chain.Count == 0 || line.StartsWith(CausedBy, StringComparison.Ordinal))
            {
                Match head = Head().Match(chain.Count == 0 ? line : line[CausedBy.Length..]);
                if (head.Success)
                {
                    chain.Add(new JvmCause(head.Groups["type"].Value, head.Groups["message"].Value));
                    isMessage = true;
                }
                else if (chain.Count == 0)
                {
                    return [];
                }
            }
        }

        return [.. chain.Select(c => c with { Message = c.Message.TrimEnd() })];
    }

    [GeneratedRegex(@"^(?<type>[\w$]+(\.[\w$]+)+)(: (?<message>.*))?$")]
    private static partial Regex Head();

    [GeneratedRegex(@"^\t(at |\.\.\. [0-9]+ )")]
    private static partial Regex Frame();
}
