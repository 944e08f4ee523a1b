using System.Globalization;
using OneRec.Pipeline.Running;

namespace OneRec.Pipeline.Steps.Evaluate;

/// <summary>Pairs to learn from where some items are kept cold: option <c>evaluate.coldItems</c>.</summary>
internal static class WarmPairs
{
    private const double Hashes = 1L << 32;

    /// <summary>Leaves out the pairs of cold items.</summary>
    /// <param name="work">Engine, seed and option.</param>
    /// <param name="pairs">Rows with <c>item_id</c> and <c>pair_item_id</c>.</param>
    /// <returns>All pairs if no item is kept cold, or nothing is held out.</returns>
    public static IRelation Of(IWork work, IRelation pairs)
    {
        EvaluateOptions options = work.Options.Section<EvaluateOptions>();
        if (options.ColdItems == 0 || options.ParseHoldout() is null)
        {
            return pairs;
        }

        string below = ((long)Math.Ceiling(options.ColdItems * Hashes)).ToString("x8", CultureInfo.InvariantCulture);
        return work.Engine.Sql(
            SqlScript.Load(typeof(WarmPairs), "warm_pairs.sql")
                .With("item_hash", OrderHash.Of(work.Options.Seed, "cold", "item_id"))
                .With("pair_item_hash", OrderHash.Of(work.Options.Seed, "cold", "pair_item_id"))
                .With("below", below),
            ("pairs", pairs));
    }
}
