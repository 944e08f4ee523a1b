using OneRec.Report.Model;

namespace OneRec.Report.Page;

/// <summary>How often the Swing neighbours shown have the first code of their item, and how often chance would do that.</summary>
/// <param name="Neighbours">Swing neighbours shown that have an ID, of items that have one.</param>
/// <param name="Together">Those with the item's first code.</param>
/// <param name="Chance">The same share for two items drawn at random: the sum of squared shares of level 0's codes.</param>
internal sealed record Agreement(int Neighbours, int Together, double Chance)
{
    /// <summary>Share of neighbours with the item's first code; 0 where none is shown.</summary>
    public double Share => Neighbours == 0 ? 0 : (double)Together / Neighbours;

    /// <summary>Counts a model's examples; null where there is nothing to count or to compare with.</summary>
    public static Agreement? Of(ReportModel model)
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
