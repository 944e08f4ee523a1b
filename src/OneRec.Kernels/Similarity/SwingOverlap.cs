using OneRec.Core;

namespace OneRec.Kernels.Similarity;

/// <summary>Estimates how many items pairs of users have in common, to choose a <see cref="SwingMethod"/>.</summary>
internal static class SwingOverlap
{
    private const int Draws = 2000;

    /// <summary>
    /// The mean of |I_u ∩ I_v| over random draws of an item (weighted by its number of pairs) and two of its users: the number
    /// of additions per append to <see cref="SwingLists"/>.
    /// </summary>
    public static double Mean(SwingGraph graph)
    {
        if (graph.UserPairs == 0)
        {
            return 0;
        }

        var until = new long[graph.Items];
        long sum = 0;
        for (int i = 0; i < until.Length; i++)
        {
            long users = graph.UsersOf(i).Length;
            until[i] = sum += users * (users - 1) / 2;
        }

        var draw = new SplitMix64(0);
        long shared = 0;
        for (int d = 0; d < Draws; d++)
        {
            long at = draw.NextBelow(sum);
            int found = Array.BinarySearch(until, at + 1);
            int item = found < 0 ? ~found : found;
            while (item > 0 && until[item - 1] == until[item])
            {
                item--;
            }

            ReadOnlySpan<int> users = graph.UsersOf(item);
            int a = (int)draw.NextBelow(users.Length);
            int b = (int)draw.NextBelow(users.Length - 1);
            shared += Shared(graph.ItemsOf(users[a]), graph.ItemsOf(users[b < a ? b : b + 1]));
        }

        return (double)shared / Draws;
    }

    private static int Shared(ReadOnlySpan<int> left, ReadOnlySpan<int> right)
    {
        int shared = 0;
        for (int a = 0, b = 0; a < left.Length && b < right.Length;)
        {
            int order = left[a].CompareTo(right[b]);
            shared += order == 0 ? 1 : 0;
            a += order <= 0 ? 1 : 0;
            b += order >= 0 ? 1 : 0;
        }

        return shared;
    }
}
