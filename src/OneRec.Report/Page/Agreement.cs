using OneRec.Report.Model;

namespace OneRec.Report.Page;

/// <summary>
/// How often the Swing neighbours shown have the same first code as their item, compared with chance.
/// </summary>
/// <param name="Neighbours">Number of Swing neighbours shown where both items have an ID.</param>
/// <param name="Together">Number of these with the item's first code.</param>
/// <param name="Chance">The same share for two random items: the sum of squared shares of the codes of level 0.</param>
internal sealed record Agreement(int Neighbours, int Together, double Chance)
{
    /// <summary>Share of neighbours with the item's first code; 0 if none is shown.</summary>
    public double Share => Neighbours == 0 ? 0 : (double)Together / Neighbours;

    /// <summary>
    /// Measures the agreement on a model's examples; null if there are no neighbours or no usage of level 0.
    /// </summary>
    public static Agreement? Measure(ReportModel model)
    {
        int neighbours = 0;
        int together = 0;
        foreach (ExampleReport example in model.Examples.Where(e => e.Item.Sid is not null))
        {
            foreach (SwingNeighbour neighbour in example.BySwing.Where(n => n.Item.Sid is not null))
            {
                neighbours++;
                together += ReportItem.SharedCodes(example.Item.Sid, neighbour.Item.Sid) > 0 ? 1 : 0;
            }
        }

        IReadOnlyList<long> usage = model.Levels.Count > 0 ? model.Levels[0].Usage : [];
        double items = usage.Sum();
        return neighbours == 0 || items == 0
            ? null
            : new Agreement(neighbours, together, usage.Sum(count => count / items * (count / items)));
    }
}
