using System.Text.Json.Nodes;
using Apache.Arrow;
using OneRec.Alignment.Training;
using OneRec.Kernels.Ranking;

namespace OneRec.Alignment.Steps;

/// <summary>The nearest items of a few much clicked ones, before and after training, for people to look at.</summary>
internal static class NeighbourExamples
{
    private const int Items = 8;
    private const int Nearest = 5;

    /// <summary>Finds the examples.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="items">The items with their titles.</param>
    /// <param name="among">The items that the vectors are of, by number.</param>
    /// <param name="pairs">The training pairs; items are chosen by how often they occur there.</param>
    /// <param name="before">Pooled vectors.</param>
    /// <param name="after">Aligned vectors.</param>
    /// <returns>Objects <c>item</c>, <c>before</c>, <c>after</c>: titles, or ids where there is none.</returns>
    public static JsonArray Of(IQueryEngine engine, TrainingItems items, IReadOnlyList<int> among, PairSet pairs, VectorScores before, VectorScores after)
    {
        string[] all = Names(engine, items);
        string[] names = [.. among.Select(i => all[i])];
        var scores = new float[among.Count];
        return new JsonArray([.. Chosen(among, pairs).Select(item => new JsonObject
        {
            ["item"] = names[item],
            ["before"] = Titles(before, item),
            ["after"] = Titles(after, item),
        })]);

        JsonArray Titles(VectorScores own, int item)
        {
            own.Score(item, scores);
            scores[item] = float.NegativeInfinity;
            return new JsonArray(
            [
                .. Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]).ThenBy(i => i).Take(Nearest).Select(i => JsonValue.Create(names[i])),
            ]);
        }
    }

    // By place among the items.
    private static IEnumerable<int> Chosen(IReadOnlyList<int> among, PairSet pairs)
    {
        Dictionary<int, int> places = among.Select((item, place) => (item, place)).ToDictionary(p => p.item, p => p.place);
        return pairs.MostFrequent().Where(places.ContainsKey).Take(Items).Select(item => places[item]);
    }

    private static string[] Names(IQueryEngine engine, TrainingItems items)
    {
        string[] names = items.Numbers.Texts();
        foreach (RecordBatch batch in engine.Collect(engine.Sql(SqlScript.Load(typeof(NeighbourExamples), "captions.sql"), ("items", items.Rows))))
        {
            using (batch)
            {
                for (int row = 0; row < batch.Length; row++)
                {
                    if (items.Numbers.Find(batch.Column(0), row) is >= 0 and var item
                        && batch.Column(1) is StringArray titles && titles.IsValid(row) && titles.GetString(row).Length > 0)
                    {
                        names[item] = titles.GetString(row);
                    }
                }
            }
        }

        return names;
    }
}
