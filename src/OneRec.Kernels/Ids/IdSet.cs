using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Kernels.Ids;

/// <summary>Distinct ids, numbered in the order met: BIGINT or STRING, as the input has them.</summary>
/// <remarks>Ids are ordered as numbers, or by unsigned UTF-8 bytes; never by culture or UTF-16 unit.</remarks>
public abstract class IdSet
{
    /// <summary>Number of distinct ids.</summary>
    public abstract int Count { get; }

    /// <summary>Bytes of the longest id.</summary>
    public abstract int LongestBytes { get; }

    /// <summary>Bytes held.</summary>
    public abstract long Bytes { get; }

    /// <summary>An empty set for a column's type.</summary>
    /// <exception cref="ArgumentException">Neither BIGINT nor STRING.</exception>
    public static IdSet For(IArrowType type) => type switch
    {
        Int64Type => new Int64IdSet(),
        StringType or LargeStringType or StringViewType => new Utf8IdSet(),
        _ => throw new ArgumentException($"an id is BIGINT or STRING, not {type?.Name}", nameof(type)),
    };

    /// <summary>The number of an id, a new one if it was not met before.</summary>
    /// <exception cref="ArgumentException">The id is null.</exception>
    public abstract int Add(IArrowArray column, int row);

    /// <summary>The number of an id, or -1.</summary>
    /// <exception cref="ArgumentException">The id is null.</exception>
    public abstract int Find(IArrowArray column, int row);

    /// <summary>Numbers in ascending order of their ids.</summary>
    public abstract int[] Sorted();

    /// <summary>A column of the ids with the given numbers, and nulls after them.</summary>
    public abstract IArrowArray Take(ReadOnlySpan<int> numbers, int nulls = 0);

    /// <summary>The place of each number in the ascending order: the inverse of <see cref="Sorted"/>.</summary>
    public int[] Ranks(ReadOnlySpan<int> sorted)
    {
        var ranks = new int[sorted.Length];
        for (int r = 0; r < sorted.Length; r++)
        {
            ranks[sorted[r]] = r;
        }

        return ranks;
    }
}
