using OneRec.Core;

namespace OneRec.Pipeline.Tests.Steps;

/// <summary>Logs for tests.</summary>
internal static class Logs
{
    /// <summary>Lines <c>user,item,time</c> with repeats, equal times and popular items.</summary>
    public static IEnumerable<string> Generated(int users, int items, int clicks, ulong seed)
    {
        var draw = new SplitMix64(seed);
        for (int c = 0; c < clicks; c++)
        {
            long user = draw.NextBelow(users);
            long item = draw.NextBelow(items) * draw.NextBelow(items) / items;
            yield return $"{user},{item},{1_600_000_000 + draw.NextBelow(300)}";
        }
    }
}
