using Apache.Arrow.Types;
using OneRec.Kernels.Texts;

namespace OneRec.Pipeline.Queries.Prefixes;

/// <summary>
/// The words and tags that tell prefixes apart (<see cref="TellingWordsKernel"/>), of as many prefixes at once as there are: words are
/// counted by SQL, which spills to disk, and a kernel keeps the best of each prefix.
/// </summary>
public sealed class TellingWords : IDisposable
{
    private readonly IQueryEngine _engine;
    private readonly IMaterializedRelation _words;

    private TellingWords(IQueryEngine engine, IMaterializedRelation words) => (_engine, _words) = (engine, words);

    /// <summary>Splits texts into words, once, and keeps them in scratch.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="texts"><c>item_id</c>, <c>title</c>, <c>caption</c>, <c>tags</c>: the items that prefixes are compared with.</param>
    public static TellingWords Split(IQueryEngine engine, IRelation texts)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(texts);
        IArrowType id = texts.Schema.GetFieldByName("item_id").DataType;
        return new TellingWords(engine, engine.Materialize(engine.Map(texts, ItemWordsKernel.Call(id), PartitionShape.Any)));
    }

    /// <summary>The most telling words, by prefix and by rank within it.</summary>
    /// <param name="members"><c>item_id</c>, <c>prefix</c>: an item may be in several, such as one of each level.</param>
    /// <param name="most">Words of each prefix and kind, at least 1.</param>
    /// <returns><c>prefix</c>, <c>kind</c> (<c>word</c>, <c>tag</c>), <c>turn</c>, <c>word</c>, <c>found</c>, <c>found_all</c>, <c>z</c>.</returns>
    public IRelation Of(IRelation members, int most)
    {
        IRelation counts = _engine.Sql(SqlScript.Load(typeof(TellingWords), "telling_counts.sql"), ("words", _words), ("members", members));
        return _engine.Map(counts, TellingWordsKernel.Call(most), PartitionShape.ByKey("prefix", "kind"));
    }

    /// <summary>The same, brought to the driver: for few prefixes.</summary>
    public ILookup<(string Prefix, string Kind), TellingWord> Read(IRelation members, int most) => RowReader
        .Read(_engine.Collect(Of(members, most)))
        .OrderBy(r => (int)r[2]!)
        .ToLookup(r => ((string)r[0]!, (string)r[1]!), r => new TellingWord((string)r[3]!, (long)r[4]!, (long)r[5]!, (double)r[6]!));

    /// <inheritdoc/>
    public void Dispose() => _words.Dispose();
}

/// <summary>A word or tag that tells a prefix.</summary>
/// <param name="Word">The word.</param>
/// <param name="Found">Items of the prefix with it.</param>
/// <param name="FoundAll">Items of all with it.</param>
/// <param name="Z">How sure it is that the prefix has it more often: a z-score, above 0.</param>
public sealed record TellingWord(string Word, long Found, long FoundAll, double Z);
