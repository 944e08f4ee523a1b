using OneRec.Core;

namespace OneRec.Kernels.Similarity;

/// <summary>What Swing says where the interactions do not fit.</summary>
internal static class SwingMemory
{
    /// <summary>Exit 2: the numbers, and what to change.</summary>
    public static OneRecException TooLarge(
        long edges, long users, long items, long needed, long budget, string when) =>
        OneRecException.Configuration(
            "swing.memory",
            $"swing: {edges} interactions of {users} users and {items} items ({when}) need {MiB(needed)} MiB of memory, "
                + $"and {MiB(budget)} MiB are to be used; raise memoryLimit, or lower swing.maxItemUsers or swing.maxUserItems");

    private static long MiB(long bytes) => (bytes + (1L << 20) - 1) >> 20;
}
