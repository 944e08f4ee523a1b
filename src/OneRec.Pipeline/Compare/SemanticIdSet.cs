using OneRec.Core;

namespace OneRec.Pipeline.Compare;

/// <summary>Semantic IDs of items, whoever made them.</summary>
internal sealed class SemanticIdSet
{
    private readonly int[][] _prefixes;

    /// <summary>Takes the codes of items.</summary>
    /// <param name="name">Name of the set.</param>
    /// <param name="codes">For each item by number its codes, all equally many; null if it has no ID.</param>
    /// <param name="sizes">Number of codes at each level; null: the highest code in use and all below.</param>
    public SemanticIdSet(string name, IReadOnlyList<int[]?> codes, IReadOnlyList<int>? sizes = null)
    {
        Name = name;
        Levels = codes.First(c => c is not null)!.Length;
        Sizes = sizes ?? [.. Enumerable.Range(0, Levels).Select(l => codes.Max(c => c?[l] ?? 0) + 1)];
        Codes = codes;
        _prefixes = [.. Enumerable.Range(1, Levels).Select(l => Number(codes, l))];
        Items = codes.Count(c => c is not null);
    }

    /// <summary>Name of the set.</summary>
    public string Name { get; }

    /// <summary>Number of codes of an ID.</summary>
    public int Levels { get; }

    /// <summary>Number of codes at each level.</summary>
    public IReadOnlyList<int> Sizes { get; }

    /// <summary>The codes of each item; null if it has no ID.</summary>
    public IReadOnlyList<int[]?> Codes { get; }

    /// <summary>Mean squared error of the embeddings after each level, over their variance; null if the set does not come with embeddings.</summary>
    public IReadOnlyList<double>? Errors { get; init; }

    /// <summary>Number of items with an ID.</summary>
    public int Items { get; }

    /// <summary>For each item the number of its prefix, -1 without an ID; equal prefixes have equal numbers.</summary>
    /// <param name="length">From 1 to <see cref="Levels"/>.</param>
    public IReadOnlyList<int> Prefixes(int length) => _prefixes[length - 1];

    private static int[] Number(IReadOnlyList<int[]?> codes, int length)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        return
        [
            .. codes.Select(c =>
            {
                if (c is null)
                {
                    return -1;
                }

                string prefix = string.Join('-', c.Take(length));
                if (!numbers.TryGetValue(prefix, out int number))
                {
                    number = numbers.Count;
                    numbers.Add(prefix, number);
                }

                return number;
            }),
        ];
    }
}

/// <summary>Collects codes of items that a source gives by id.</summary>
/// <param name="name">Name of the set, and where it comes from for messages.</param>
/// <param name="place">The source, for messages.</param>
/// <param name="items">The items.</param>
internal sealed class SemanticIdSetBuilder(string name, string place, ComparedItems items)
{
    private readonly int[]?[] _codes = new int[]?[items.Count];
    private int _levels;
    private string? _first;
    private string? _unknown;

    /// <summary>Number of IDs of items that the catalogue does not have.</summary>
    public int Unknown { get; private set; }

    /// <summary>Adds an item's codes.</summary>
    /// <exception cref="OneRecException">Input error: no codes, a negative one, another number than before, or an item twice.</exception>
    public void Add(string item, int[] codes)
    {
        if (codes.Length == 0 || codes.Any(c => c < 0))
        {
            throw Wrong($"item {item} has {(codes.Length == 0 ? "no codes" : $"the code {codes.First(c => c < 0)}")}");
        }

        (_levels, _first) = _first is null ? (codes.Length, item) : (_levels, _first);
        if (codes.Length != _levels)
        {
            throw Wrong($"item {item} has {codes.Length} codes, but item {_first} has {_levels}; all IDs of a set must be equally long");
        }

        int number = items.Numbers.Find(item);
        if (number < 0)
        {
            Unknown++;
            _unknown ??= item;
            return;
        }

        if (_codes[number] is not null)
        {
            throw Wrong($"item {item} has two IDs");
        }

        _codes[number] = codes;
    }

    /// <summary>The set.</summary>
    /// <exception cref="OneRecException">Input error: it has no item of the catalogue.</exception>
    public SemanticIdSet Build(IReadOnlyList<int>? sizes = null) => _codes.Any(c => c is not null)
        ? new SemanticIdSet(name, _codes, sizes)
        : throw Wrong(_unknown is null ? "it has no IDs" : $"none of its {Unknown} items is in table items, such as {_unknown}; are both of one catalogue?");

    private OneRecException Wrong(string what) => OneRecException.Input("compare.ids", $"{place}: {what}");
}
