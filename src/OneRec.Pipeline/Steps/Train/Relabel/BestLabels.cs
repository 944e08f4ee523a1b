using Google.OrTools.Graph;

namespace OneRec.Pipeline.Steps.Train.Relabel;

/// <summary>Gives the codes of a level new labels, one to one, so that as many items as possible keep their old label.</summary>
/// <remarks>
/// Linear assignment on the contingency counts, as minimum-cost flow (OR-Tools), because the counts are sparse: of K x K pairs
/// of codes only as many as items can occur.
/// </remarks>
internal static class BestLabels
{
    /// <summary>Chooses the labels.</summary>
    /// <param name="codes">Number of codes, K.</param>
    /// <param name="counts">For a code and an old label the number of items that have both; each pair at most once.</param>
    /// <returns>For each code its label, a permutation of 0 to K - 1. Codes without a match get the labels that are left, ascending.</returns>
    public static int[] Choose(int codes, IEnumerable<(int Code, int Label, long Items)> counts)
    {
        (int source, int sink) = (0, (2 * codes) + 1);
        using var flow = new MinCostFlow();
        var arcs = new List<(int Arc, int Code, int Label)>();
        foreach ((int code, int label, long items) in counts.Where(c => c.Label < codes).OrderBy(c => (c.Code, c.Label)))
        {
            arcs.Add((flow.AddArcWithCapacityAndUnitCost(1 + code, 1 + codes + label, 1, -items), code, label));
        }

        for (int code = 0; code < codes; code++)
        {
            flow.AddArcWithCapacityAndUnitCost(source, 1 + code, 1, 0);
            flow.AddArcWithCapacityAndUnitCost(1 + codes + code, sink, 1, 0);
        }

        // Codes that match nothing.
        flow.AddArcWithCapacityAndUnitCost(source, sink, codes, 0);
        flow.SetNodeSupply(source, codes);
        flow.SetNodeSupply(sink, -codes);
        MinCostFlowBase.Status status = flow.Solve();
        if (status != MinCostFlowBase.Status.OPTIMAL)
        {
            throw new InvalidOperationException($"the assignment of {codes} codes ended with {status}");
        }

        int[] labels = [.. Enumerable.Repeat(-1, codes)];
        foreach ((int arc, int code, int label) in arcs.Where(a => flow.Flow(a.Arc) > 0))
        {
            labels[code] = label;
        }

        var left = new Queue<int>(Enumerable.Range(0, codes).Except(labels));
        return [.. labels.Select(label => label < 0 ? left.Dequeue() : label)];
    }
}
