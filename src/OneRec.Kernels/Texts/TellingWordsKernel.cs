using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Clustering.Rows;

namespace OneRec.Kernels.Texts;

/// <summary>
/// The words that tell a group from the rest: the log-odds ratio with an informative Dirichlet prior, as a z-score (Monroe, Colaresi
/// and Quinn, Fightin' Words, 2008, equations 15, 16, 19 and 22).
/// </summary>
/// <remarks>
/// Input, keyed by <c>prefix</c> and sorted by it and <c>kind</c>: <c>word</c>, <c>found</c> (items of the group with the word), <c>found_all</c>
/// (items of all with it), <c>size</c> and <c>size_all</c> (the sums of both over all words of the kind). The prior of a word is its share of
/// all words, times the size of the group: it weighs as much as the group. Output: <c>prefix</c>, <c>kind</c>, <c>turn</c> from 1, <c>word</c>,
/// <c>found</c>, <c>found_all</c>, <c>z</c>: at most <c>limit</c> words of each kind, of those with a z above 0; ties by the word's bytes.
/// </remarks>
public sealed class TellingWordsKernel : IBatchKernel
{
    /// <summary>The kernel's name in the registry.</summary>
    public const string Name = "telling-words";

    private static readonly Schema Output = new(
        [
            new Field("prefix", StringType.Default, nullable: false),
            new Field("kind", StringType.Default, nullable: false),
            new Field("turn", Int32Type.Default, nullable: false),
            new Field("word", StringType.Default, nullable: false),
            new Field("found", Int64Type.Default, nullable: false),
            new Field("found_all", Int64Type.Default, nullable: false),
            new Field("z", DoubleType.Default, nullable: false),
        ],
        null);

    // Groups are many and have few words: a batch of each would cost more than its words.
    private const int BatchRows = 4_096;

    private readonly int _limit;

    private TellingWordsKernel(int limit) => _limit = limit;

    /// <summary>A call of this kernel.</summary>
    /// <param name="limit">Words of each group and kind, at least 1.</param>
    public static KernelCall Call(int limit) => new(Name, new JsonObject { ["limit"] = limit }, Output);

    /// <summary>Creates the kernel.</summary>
    /// <exception cref="ArgumentException">The limit is missing or below 1.</exception>
    public static TellingWordsKernel Create(JsonObject parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        int limit = KernelColumns.Parameter<int>(parameters, "limit", Name);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1, nameof(parameters));
        return new TellingWordsKernel(limit);
    }

    /// <summary>The z-score of a word.</summary>
    /// <param name="found">Items of the group with the word, at least 1.</param>
    /// <param name="foundAll">Items of all with it.</param>
    /// <param name="size">Sum of <paramref name="found"/> over the words.</param>
    /// <param name="sizeAll">Sum of <paramref name="foundAll"/> over the words.</param>
    /// <returns>Above 0 if the group has it more often than the rest; NaN if there is only one word.</returns>
    public static double Score(long found, long foundAll, long size, long sizeAll)
    {
        double prior = (double)size * foundAll / sizeAll;
        double here = found + prior;
        double there = foundAll - found + prior;
        double delta = Math.Log(here / (size + size - here)) - Math.Log(there / (sizeAll - size + size - there));
        return delta / Math.Sqrt((1 / here) + (1 / there));
    }

    /// <inheritdoc/>
    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(context);
        (string Prefix, string Kind)? group = null;
        var best = new List<Scored>();
        var done = new List<Ranked>();
        foreach (RecordBatch batch in rows)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var prefix = (StringArray)KernelColumns.Find(batch, "prefix", Name);
            var kind = (StringArray)KernelColumns.Find(batch, "kind", Name);
            var word = (StringArray)KernelColumns.Find(batch, "word", Name);
            Int64Array[] counts = [.. new[] { "found", "found_all", "size", "size_all" }.Select(c => (Int64Array)KernelColumns.Find(batch, c, Name))];
            for (int row = 0; row < batch.Length; row++)
            {
                (string, string) key = (prefix.GetString(row), kind.GetString(row));
                if (group is { } before && before != key)
                {
                    End(before, best, done);
                    if (done.Count >= BatchRows)
                    {
                        yield return Batch(done);
                        done.Clear();
                    }
                }

                group = key;
                double z = Score(counts[0].Values[row], counts[1].Values[row], counts[2].Values[row], counts[3].Values[row]);
                if (z > 0 && double.IsFinite(z) && (best.Count < _limit || z >= best[^1].Z))
                {
                    Add(best, new Scored(word.GetString(row), counts[0].Values[row], counts[1].Values[row], z));
                }
            }
        }

        if (group is { } last)
        {
            End(last, best, done);
        }

        if (done.Count > 0)
        {
            yield return Batch(done);
        }
    }

    private static void End((string Prefix, string Kind) group, List<Scored> best, List<Ranked> done)
    {
        done.AddRange(best.Select((word, n) => new Ranked(group.Prefix, group.Kind, n + 1, word)));
        best.Clear();
    }

    private void Add(List<Scored> best, Scored word)
    {
        int at = best.FindIndex(b => word.Z > b.Z || (word.Z == b.Z && ItemId.Of(word.Word) < ItemId.Of(b.Word)));
        best.Insert(at < 0 ? best.Count : at, word);
        if (best.Count > _limit)
        {
            best.RemoveAt(_limit);
        }
    }

    private static RecordBatch Batch(List<Ranked> words) => new(
        Output,
        [
            new StringArray.Builder().AppendRange(words.Select(w => w.Prefix)).Build(),
            new StringArray.Builder().AppendRange(words.Select(w => w.Kind)).Build(),
            new Int32Array.Builder().AppendRange(words.Select(w => w.Turn)).Build(),
            new StringArray.Builder().AppendRange(words.Select(w => w.Word.Word)).Build(),
            new Int64Array.Builder().AppendRange(words.Select(w => w.Word.Found)).Build(),
            new Int64Array.Builder().AppendRange(words.Select(w => w.Word.FoundAll)).Build(),
            new DoubleArray.Builder().AppendRange(words.Select(w => w.Word.Z)).Build(),
        ],
        words.Count);

    private sealed record Scored(string Word, long Found, long FoundAll, double Z);

    private readonly record struct Ranked(string Prefix, string Kind, int Turn, Scored Word);
}
