namespace OneRec.Kernels.Tests.Clustering.Oracle;

/// <summary>The cheapest way to give every item a place of its own (Kuhn 1955; shortest augmenting paths with potentials).</summary>
public static class BestAssignment
{
    /// <summary>The cost of the best assignment.</summary>
    /// <param name="costs">By item and place; at least as many places as items.</param>
    public static double Cost(double[][] costs)
    {
        int items = costs.Length;
        int places = costs[0].Length;
        var itemPrice = new double[items + 1];
        var placePrice = new double[places + 1];
        var holder = new int[places + 1];
        for (int item = 1; item <= items; item++)
        {
            var before = new int[places + 1];
            double[] least = [.. Enumerable.Repeat(double.PositiveInfinity, places + 1)];
            var seen = new bool[places + 1];
            int place = 0;
            holder[0] = item;
            do
            {
                seen[place] = true;
                int at = holder[place];
                int next = 0;
                double step = double.PositiveInfinity;
                for (int p = 1; p <= places; p++)
                {
                    if (seen[p])
                    {
                        continue;
                    }

                    double cost = costs[at - 1][p - 1] - itemPrice[at] - placePrice[p];
                    if (cost < least[p])
                    {
                        (least[p], before[p]) = (cost, place);
                    }

                    if (least[p] < step)
                    {
                        (step, next) = (least[p], p);
                    }
                }

                for (int p = 0; p <= places; p++)
                {
                    if (seen[p])
                    {
                        itemPrice[holder[p]] += step;
                        placePrice[p] -= step;
                    }
                    else
                    {
                        least[p] -= step;
                    }
                }

                place = next;
            }
            while (holder[place] != 0);

            while (place != 0)
            {
                holder[place] = holder[before[place]];
                place = before[place];
            }
        }

        return Enumerable.Range(1, places).Where(p => holder[p] != 0).Sum(p => costs[holder[p] - 1][p - 1]);
    }
}
