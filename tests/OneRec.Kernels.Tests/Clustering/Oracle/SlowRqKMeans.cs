using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using OneRec.Core;

namespace OneRec.Kernels.Tests.Clustering.Oracle;

/// <summary>Mini-batch RQ-KMeans, slow and obvious, written from docs/method/rq-kmeans.md alone.</summary>
public sealed class SlowRqKMeans
{
    public required long Seed { get; init; }

    public required int[] Codes { get; init; }

    public required int Batches { get; init; }

    public int Epochs { get; init; } = 6;

    public int Refine { get; init; } = 3;

    public bool Random { get; init; }

    public int? InitSample { get; init; }

    public List<float[][]> Centroids { get; } = [];

    public List<long[]> Items { get; } = [];

    public List<List<double>> Objectives { get; } = [];

    /// <summary>Trains all levels; gives the codes of each item in the order of <paramref name="items"/>.</summary>
    public int[][] Run(IReadOnlyList<SlowRow> items)
    {
        SlowRow[] ordered = [.. items.OrderBy(i => i, Comparer<SlowRow>.Create(ById))];
        float[][] left = [.. ordered.Select(i => i.Vector.ToArray())];
        int[][] codes = [.. ordered.Select(_ => new int[Codes.Length])];
        for (int level = 0; level < Codes.Length; level++)
        {
            float[][] centroids = TrainLevel(ordered, left, level);
            for (int i = 0; i < left.Length; i++)
            {
                (codes[i][level], _) = Nearest(left[i], centroids);
                left[i] = [.. left[i].Zip(centroids[codes[i][level]], (r, c) => r - c)];
            }
        }

        return [.. items.Select(i => codes[Array.IndexOf(ordered, i)])];
    }

    public static double Distance(float[] row, float[] centroid)
    {
        double sum = 0;
        for (int t = 0; t < row.Length; t++)
        {
            double difference = (double)row[t] - (double)centroid[t];
            double square = difference * difference;
            sum += square;
        }

        return sum;
    }

    public static (int Code, double Error) Nearest(float[] row, float[][] centroids)
    {
        int best = 0;
        double error = Distance(row, centroids[0]);
        for (int code = 1; code < centroids.Length; code++)
        {
            double other = Distance(row, centroids[code]);
            if (other < error)
            {
                (best, error) = (code, other);
            }
        }

        return (best, error);
    }

    /// <summary>ceil(log2 x) by search over powers of two.</summary>
    public static int CeilLog2(double x)
    {
        int e = -1100;
        while (Math.ScaleB(1, e) < x)
        {
            e++;
        }

        return e;
    }

    /// <summary>RHE(x), exactly, by whole numbers.</summary>
    public static BigInteger RoundHalfEven(double x)
    {
        double floor = Math.Floor(x);
        double rest = x - floor;
        var whole = new BigInteger(floor);
        return rest > 0.5 || (rest == 0.5 && !whole.IsEven) ? whole + 1 : whole;
    }

    private static int ById(SlowRow a, SlowRow b) => a.Number is { } x && b.Number is { } y
        ? x.CompareTo(y)
        : Encoding.UTF8.GetBytes(a.Id).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b.Id));

    private uint Hash(string purpose, string id)
    {
#pragma warning disable CA5351 // The method's own hash.
        byte[] digest = MD5.HashData(Encoding.UTF8.GetBytes($"{Seed}|{purpose}|{id.EnumerateRunes().Count()}|{id}"));
#pragma warning restore CA5351
        return ((uint)digest[0] << 24) | ((uint)digest[1] << 16) | ((uint)digest[2] << 8) | digest[3];
    }

    private float[][] TrainLevel(SlowRow[] items, float[][] rows, int level)
    {
        int n = rows.Length;
        int d = rows[0].Length;
        double max = rows.Max(r => r.Max(v => Math.Abs((double)v)));
        int s = max == 0 ? 0 : 62 - CeilLog2(n) - CeilLog2(max);
        int u = max == 0 ? 0 : 59 - (2 * CeilLog2(max)) - CeilLog2(d);
        int[] batchOf = [.. items.Select(i => (int)(((ulong)Hash("batch", i.Id) * (ulong)Batches) >> 32))];
        float[][] c = Init(items, rows, level);
        int k = c.Length;
        int worst = Math.Min(k, Math.Max(16, (int)Math.Ceiling(k / 16.0)));
        var objectives = new List<double>();
        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            var counts = new long[k];
            var errors = new double[n];
            BigInteger error = 0;
            for (int b = 0; b < Batches; b++)
            {
                int[] part = [.. Enumerable.Range(0, n).Where(i => batchOf[i] == b)];
                error += Pass(part, rows, c, s, u, errors, out long[] m, out BigInteger[,] sums);
                Update(c, m, sums, counts, s);
            }

            objectives.Add((double)(Int128)error * Math.ScaleB(1, -u) / n);
            Feed(items, rows, errors, counts, worst, c);
        }

        int[] all = [.. Enumerable.Range(0, n)];
        for (int pass = 0; pass < Refine; pass++)
        {
            var errors = new double[n];
            BigInteger error = Pass(all, rows, c, s, u, errors, out long[] m, out BigInteger[,] sums);
            objectives.Add((double)(Int128)error * Math.ScaleB(1, -u) / n);
            Update(c, m, sums, new long[k], s);
            Feed(items, rows, errors, m, worst, c);
        }

        for (int closing = 1; ; closing++)
        {
            var errors = new double[n];
            BigInteger error = Pass(all, rows, c, s, u, errors, out long[] m, out _);
            objectives.Add((double)(Int128)error * Math.ScaleB(1, -u) / n);
            if (closing == 4 || Feed(items, rows, errors, m, worst, c) == 0)
            {
                Items.Add(m);
                break;
            }
        }

        Centroids.Add(c);
        Objectives.Add(objectives);
        return c;
    }

    private static BigInteger Pass(
        int[] part, float[][] rows, float[][] c, int s, int u, double[] errors, out long[] m, out BigInteger[,] sums)
    {
        int d = rows[0].Length;
        m = new long[c.Length];
        sums = new BigInteger[c.Length, d];
        BigInteger error = 0;
        foreach (int i in part)
        {
            (int code, errors[i]) = Nearest(rows[i], c);
            m[code]++;
            error += RoundHalfEven(errors[i] * Math.ScaleB(1, u));
            for (int t = 0; t < d; t++)
            {
                sums[code, t] += RoundHalfEven((double)rows[i][t] * Math.ScaleB(1, s));
            }
        }

        return error;
    }

    private static void Update(float[][] c, long[] m, BigInteger[,] sums, long[] counts, int s)
    {
        for (int code = 0; code < c.Length; code++)
        {
            if (m[code] > 0)
            {
                counts[code] += m[code];
                for (int t = 0; t < c[code].Length; t++)
                {
                    double mean = (double)(long)sums[code, t] / (double)m[code] * Math.ScaleB(1, -s);
                    double step = (mean - c[code][t]) * ((double)m[code] / (double)counts[code]);
                    c[code][t] = (float)(c[code][t] + step);
                }
            }
        }
    }

    private static int Feed(SlowRow[] items, float[][] rows, double[] errors, long[] counts, int worst, float[][] c)
    {
        int[] starved = [.. Enumerable.Range(0, c.Length).Where(code => counts[code] == 0)];

        // Items are in id order and the sort is stable: equal errors stay by id.
        var taken = new List<float[]>();
        foreach (int i in Enumerable.Range(0, items.Length).OrderByDescending(i => errors[i]).Take(worst))
        {
            if (taken.Count < starved.Length && errors[i] > 0 && !taken.Any(v => Same(v, rows[i])))
            {
                c[starved[taken.Count]] = rows[i].ToArray();
                taken.Add(rows[i]);
            }
        }

        return taken.Count;
    }

    private float[][] Init(SlowRow[] items, float[][] rows, int level)
    {
        int k = Codes[level];
        int[] order = [.. Enumerable.Range(0, items.Length).OrderBy(i => Hash("init", items[i].Id))];
        var chosen = new List<float[]>();
        int[] lookedAt = [];
        if (!Random)
        {
            int[] sample = [.. order.Take(InitSample ?? (16 * k)).Order()];
            chosen.AddRange(PlusPlus([.. sample.Select(i => rows[i])], k, level));
            lookedAt = sample;
        }

        for (int wanted = 2 * k; chosen.Count < k; wanted *= 2)
        {
            int[] more = [.. order.Take(wanted)];
            lookedAt = [.. lookedAt, .. more];
            foreach (int i in more)
            {
                if (chosen.Count < k && !chosen.Any(v => Same(v, rows[i])))
                {
                    chosen.Add(rows[i]);
                }
            }

            if (wanted > order.Length)
            {
                break;
            }
        }

        float[][] codes = [.. chosen.Select(v => v.ToArray())];
        if (lookedAt.Any(i => !chosen.Any(v => Same(v, rows[i]))))
        {
            DrawTogether(codes);
        }

        return codes;
    }

    private static void DrawTogether(float[][] codes)
    {
        for (int t = 0; t < codes[0].Length; t++)
        {
            double mean = 0;
            foreach (float[] code in codes)
            {
                mean += code[t];
            }

            mean /= codes.Length;
            foreach (float[] code in codes)
            {
                code[t] = (float)(mean + ((code[t] - mean) * 0.25));
            }
        }
    }

    private List<float[]> PlusPlus(float[][] sample, int k, int level)
    {
        int m = sample.Length;
        int d = sample[0].Length;
        double max = sample.Max(r => r.Max(v => Math.Abs((double)v)));
        float[][] y = [.. sample.Select(r => r.Select(v => max == 0 ? 0 : (float)(v * Math.ScaleB(1, -CeilLog2(max)))).ToArray())];
        double scale = Math.ScaleB(1, 60 - CeilLog2(m) - CeilLog2(d));
        long Q(int i, int j)
        {
            float f = 0;
            for (int t = 0; t < d; t++)
            {
                f = MathF.FusedMultiplyAdd(y[i][t] - y[j][t], y[i][t] - y[j][t], f);
            }

            return (long)RoundHalfEven(f * scale);
        }

        string hex = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Seed}|init|{level}")));
        var random = new SplitMix64(Convert.ToUInt64(hex[..16], 16));
        var chosen = new List<int> { (int)random.NextBelow(m) };
        long[] w = [.. Enumerable.Range(0, m).Select(i => Q(i, chosen[0]))];
        while (chosen.Count < k && w.Sum() > 0)
        {
            long total = w.Sum();
            int best = -1;
            long least = long.MaxValue;
            for (int draw = 0; draw < 8; draw++)
            {
                long target = random.NextBelow(total);
                int row = 0;
                for (long running = w[0]; running <= target; running += w[row])
                {
                    row++;
                }

                long sum = Enumerable.Range(0, m).Sum(i => Math.Min(w[i], Q(i, row)));
                if (sum < least)
                {
                    (best, least) = (row, sum);
                }
            }

            chosen.Add(best);
            w = [.. Enumerable.Range(0, m).Select(i => Math.Min(w[i], Q(i, best)))];
        }

        return [.. chosen.Select(i => sample[i])];
    }

    private static bool Same(float[] a, float[] b) => a.Zip(b).All(p => p.First == p.Second);
}
