using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Similarity;

namespace OneRec.Kernels.Tests.Similarity;

/// <summary>A log for Swing as the step hands it to the kernel, with ids as BIGINT or STRING.</summary>
/// <param name="Edges">Distinct (user, item), in any order, with the |I_u| to be used for the user's weight.</param>
/// <param name="Strings">Whether ids go in as STRING (<c>u-5</c>), else BIGINT.</param>
internal sealed record SwingLog(IReadOnlyList<(long User, long Item, long UserItems)> Edges, bool Strings = false)
{
    /// <summary>A log without caps: |I_u| is what is there. Repeated clicks count once.</summary>
    public static SwingLog Of(IEnumerable<(long User, long Item)> clicks, bool strings = false)
    {
        List<(long User, long Item)> distinct = [.. clicks.Distinct()];
        Dictionary<long, long> counts = distinct.GroupBy(c => c.User).ToDictionary(g => g.Key, g => g.LongCount());
        return new SwingLog([.. distinct.Select(c => (c.User, c.Item, counts[c.User]))], strings);
    }

    /// <summary>Reads <c>u1:1,2 u2:2,3</c>.</summary>
    public static SwingLog Parse(string text) => Of(
        from user in text.Split(' ')
        let parts = user.Split(':')
        from item in parts[1].Split(',')
        select (long.Parse(parts[0].TrimStart('a', 'u')), long.Parse(item)));

    /// <summary>An id's text where ids are strings: sorts otherwise than the number does.</summary>
    public static string Text(long id) => id % 3 == 0 ? $"é{id}" : id % 3 == 1 ? $"\U0001F600{id}" : $"\uFFFD{id}";

    /// <summary>Runs the kernel over the log; where items are given parts, over each part's users.</summary>
    public List<SwingOutput> Run(
        SwingParameters parameters,
        Func<long, double> weight,
        int threads = 1,
        int rowsOfBatch = 7,
        long budget = 1L << 30,
        Func<long, int>? part = null)
    {
        var kernel = new SwingBatchKernel(parameters.ToJson());
        var context = new KernelContext
        {
            Threads = threads,
            MemoryBudget = budget,
            Sides = new Dictionary<string, Func<IEnumerable<RecordBatch>>> { ["weights"] = () => [Weights(weight)] },
        };
        var rows = new List<SwingOutput>();
        foreach (RecordBatch batch in kernel.Run(part is null ? Batches(rowsOfBatch) : Batches(part), context))
        {
            for (int r = 0; r < batch.Length; r++)
            {
                rows.Add(new SwingOutput(
                    Id(batch.Column(0), r),
                    Id(batch.Column(1), r),
                    ((DoubleArray)batch.Column(2)).GetValue(r)!.Value,
                    ((Int32Array)batch.Column(3)).GetValue(r)!.Value,
                    ((Int32Array)batch.Column(4)).GetValue(r)!.Value));
            }
        }

        return rows;
    }

    /// <summary>The batches, sorted as the step sorts them.</summary>
    public IEnumerable<RecordBatch> Batches(int rowsOfBatch)
    {
        (long User, long Item, long UserItems)[] sorted = Strings
            ? [.. Edges.OrderBy(e => Text(e.User), Utf8Order.Instance).ThenBy(e => Text(e.Item), Utf8Order.Instance)]
            : [.. Edges.OrderBy(e => e.User).ThenBy(e => e.Item)];
        IArrowType id = Strings ? StringType.Default : Int64Type.Default;
        var schema = new Schema(
            [new Field("user_id", id, false), new Field("item_id", id, false), new Field("user_items", Int64Type.Default, false)],
            null);
        foreach ((long User, long Item, long UserItems)[] chunk in sorted.Chunk(rowsOfBatch))
        {
            yield return new RecordBatch(
                schema,
                [
                    Ids(chunk.Select(e => e.User), Strings),
                    Ids(chunk.Select(e => e.Item), Strings),
                    new Int64Array.Builder().AppendRange(chunk.Select(e => e.UserItems)).Build(),
                ],
                chunk.Length);
        }
    }

    /// <summary>
    /// Rows as the step spreads them: each part's users with all their items, told which of these are targets there; many
    /// parts in a batch.
    /// </summary>
    private IEnumerable<RecordBatch> Batches(Func<long, int> partOf)
    {
        foreach (int part in Edges.Select(e => partOf(e.Item)).Distinct().Order())
        {
            var users = Edges.Where(e => partOf(e.Item) == part).Select(e => e.User).ToHashSet();
            foreach (RecordBatch batch in new SwingLog([.. Edges.Where(e => users.Contains(e.User))], Strings).Batches(9))
            {
                var schema = new Schema(
                    [
                        new Field("part", Int32Type.Default, false),
                        .. batch.Schema.FieldsList,
                        new Field("is_target", BooleanType.Default, false),
                    ],
                    null);
                var isTarget = new BooleanArray.Builder();
                for (int r = 0; r < batch.Length; r++)
                {
                    isTarget.Append(partOf(Id(batch.Column(1), r)) == part);
                }

                var number = new Int32Array.Builder().AppendRange(Enumerable.Repeat(part, batch.Length)).Build();
                yield return new RecordBatch(schema, [number, .. batch.Arrays, isTarget.Build()], batch.Length);
            }
        }
    }

    /// <summary>The number behind an id of either type.</summary>
    public static long Id(IArrowArray column, int row) => column is Int64Array numbers
        ? numbers.GetValue(row)!.Value
        : long.Parse(new string([.. ((StringArray)column).GetString(row).Where(c => char.IsAsciiDigit(c) || c == '-')]));

    /// <summary>A column of ids.</summary>
    public static IArrowArray Ids(IEnumerable<long> ids, bool strings) => strings
        ? new StringArray.Builder().AppendRange(ids.Select(Text)).Build()
        : new Int64Array.Builder().AppendRange(ids).Build();

    private RecordBatch Weights(Func<long, double> weight)
    {
        long[] counts = [.. Edges.Select(e => e.UserItems).Distinct()];
        var schema = new Schema(
            [new Field("user_items", Int64Type.Default, false), new Field("weight", DoubleType.Default, false)], null);
        return new RecordBatch(
            schema,
            [
                new Int64Array.Builder().AppendRange(counts).Build(),
                new DoubleArray.Builder().AppendRange(counts.Select(weight)).Build(),
            ],
            counts.Length);
    }
}

/// <summary>One output row.</summary>
internal sealed record SwingOutput(long Item, long Similar, double Score, int Rank, int Common);

/// <summary>Order by unsigned UTF-8 bytes, the slow way.</summary>
internal sealed class Utf8Order : IComparer<string>
{
    public static readonly Utf8Order Instance = new();

    public int Compare(string? x, string? y)
    {
        byte[] a = Encoding.UTF8.GetBytes(x!);
        byte[] b = Encoding.UTF8.GetBytes(y!);
        for (int i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            if (a[i] != b[i])
            {
                return a[i] - b[i];
            }
        }

        return a.Length - b.Length;
    }
}
