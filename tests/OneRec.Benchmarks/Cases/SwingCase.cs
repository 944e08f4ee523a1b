using System.Globalization;
using OneRec.Kernels.Similarity;

namespace OneRec.Benchmarks.Cases;

/// <summary>
/// The Swing kernel over a whole log, uncapped: alpha1 0, alpha2 1, beta 0.5, topK 100. Timed from the lists of users
/// and of items (which are given, as to other programs' kernels) to the best of every item.
/// </summary>
internal sealed class SwingCase : ICase
{
    /// <inheritdoc/>
    public string Name => "swing";

    /// <inheritdoc/>
    public IReadOnlyList<string> Help =>
    [
        "--input FILE [--threads N] [--method automatic|stored|pertarget] [--runs N] [--seconds N] [--memory MIB]",
        "item similarity of a CSV log with a header, whose first two columns are user and item: alpha1 0, alpha2 1,",
        "beta 0.5, topK 100, no caps; compute alone, best of N runs (5) and until N seconds (3) are spent;",
        "an append is a pair of users who share an item. Defaults: all cores, memory without bounds",
    ];

    /// <inheritdoc/>
    public IEnumerable<Result> Run(IReadOnlyList<string> arguments)
    {
        var given = new Arguments(arguments, ["--input", "--threads", "--method", "--runs", "--seconds", "--memory"]);
        if (given.Words.Count > 0 || !Enum.TryParse(given.Text("--method", "automatic"), true, out SwingMethod method))
        {
            throw new UsageException("swing wants --input FILE, and a --method of automatic, stored, pertarget");
        }

        int threads = (int)given.Number("--threads", 1, Environment.ProcessorCount);
        long memory = given.Number("--memory", 1, long.MaxValue >> 20) << 20;
        SwingGraph graph = Read(given.Text("--input"));
        var parameters = new SwingParameters { Alpha2 = 1, TopK = 100 };
        var rows = new SwingNeighbours(graph.Items, Math.Max(1, Math.Min(parameters.TopK, graph.Items - 1)));
        SwingMethod used = method;
        (double best, int runs) = Timing.Best(
            () =>
            {
                var kernel = new SwingKernel(graph, parameters, threads, method, memory);
                kernel.Neighbours(Enumerable.Range(0, graph.Items).ToArray(), rows);
                used = kernel.Method;
            },
            (int)given.Number("--runs", 1, 5),
            given.Number("--seconds", 0, 3));
        long found = 0;
        for (int item = 0; item < graph.Items; item++)
        {
            found += rows.Of(item).Length;
        }

        yield return new Result(
            "swing",
            best,
            graph.UserPairs / best,
            "appends/s",
            Timing.PeakBytes(),
            new Dictionary<string, object>
            {
                ["users"] = graph.Users,
                ["items"] = graph.Items,
                ["interactions"] = graph.Edges,
                ["appends"] = graph.UserPairs,
                ["rows"] = found,
                ["method"] = used.ToString(),
                ["threads"] = threads,
                ["runs"] = runs,
            });
    }

    /// <summary>Reads the distinct (user, item) of a CSV without quotes.</summary>
    private static SwingGraph Read(string path)
    {
        var users = new Dictionary<string, int>();
        var items = new Dictionary<string, int>();
        var edges = new List<long>();
        foreach (string line in File.ReadLines(path).Skip(1))
        {
            string[] cells = line.Split(',', 3);
            if (cells.Length < 2)
            {
                throw new UsageException($"{path}: '{line}' is not user,item");
            }

            edges.Add(((long)Number(users, cells[0]) << 32) | (uint)Number(items, cells[1].Trim()));
        }

        int[] userRanks = Ranks(users);
        int[] itemRanks = Ranks(items);
        long[] sorted = [.. edges.Select(e => ((long)userRanks[e >> 32] << 32) | (uint)itemRanks[(int)e]).Order().Distinct()];
        var start = new int[users.Count + 1];
        foreach (long edge in sorted)
        {
            start[(edge >> 32) + 1]++;
        }

        for (int u = 0; u < users.Count; u++)
        {
            start[u + 1] += start[u];
        }

        double[] weights = [.. Enumerable.Range(0, users.Count).Select(u => Math.Pow(start[u + 1] - start[u], -0.5))];
        return new SwingGraph(start, [.. sorted.Select(e => (int)e)], weights, items.Count);
    }

    private static int Number(Dictionary<string, int> ids, string id)
    {
        if (!ids.TryGetValue(id, out int number))
        {
            ids[id] = number = ids.Count;
        }

        return number;
    }

    /// <summary>The place of each number in the order of its id: as a number where all are, else as text.</summary>
    private static int[] Ranks(Dictionary<string, int> ids)
    {
        bool numbers = ids.Keys.All(id => long.TryParse(id, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _));
        IEnumerable<KeyValuePair<string, int>> sorted = numbers
            ? ids.OrderBy(p => long.Parse(p.Key, CultureInfo.InvariantCulture))
            : ids.OrderBy(p => p.Key, StringComparer.Ordinal);
        var ranks = new int[ids.Count];
        int rank = 0;
        foreach (KeyValuePair<string, int> pair in sorted)
        {
            ranks[pair.Value] = rank++;
        }

        return ranks;
    }
}
