using System.Diagnostics;
using System.Globalization;

namespace OneRec.Delta.Tests;

/// <summary>Starts <c>onerec-delta-committer</c>, whose usage is in the head of its Program.cs.</summary>
internal static class CommitterProcess
{
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "onerec-delta-committer");

    public static Process Start(string folder, long firstId, int count, params string[] how) => Process.Start(new ProcessStartInfo(
        Program, [folder, firstId.ToString(CultureInfo.InvariantCulture), count.ToString(CultureInfo.InvariantCulture), .. how])
    {
        RedirectStandardOutput = true,
    })!;

    /// <summary>What it said is committed; a line that a kill cut short is left out.</summary>
    public static (long Id, long Version)[] Told(string output) =>
    [
        .. output.Split('\n').SkipLast(1).Select(line => line.Split(' ')).Select(p =>
            (long.Parse(p[0], CultureInfo.InvariantCulture), long.Parse(p[1], CultureInfo.InvariantCulture))),
    ];
}
