using CsCheck;
using OneRec.Pipeline.Steps.Pairs;

namespace OneRec.Pipeline.Tests.Steps;

public sealed class PairGridTests
{
    [Fact]
    public void Grid_keeps_all_partitions_busy_bounds_what_a_task_holds_and_moves_the_fewest_rows() =>
        Gen.Select(Gen.Int[2, 40], Gen.Long[0, 300_000_000], Gen.Long[0, 10_000_000_000], Gen.Int[1, 50]).Sample(
            (partitions, scores, clicks, targetsPerUser) =>
            {
                long users = Math.Max(1, clicks / 100);
                PairGrid grid = PairGrid.Choose(partitions, scores, clicks, users * targetsPerUser, users);
                Assert.True(grid.Parts >= partitions);
                Assert.True(grid.ItemParts * PairGrid.MostScores >= scores);
                for (int items = 1; items <= partitions; items++)
                {
                    if (items * PairGrid.MostScores >= scores)
                    {
                        int byUser = (partitions + items - 1) / items;
                        double met = items * (1 - Math.Pow(1 - (1.0 / items), targetsPerUser));
                        Assert.True(grid.Rows <= (scores * byUser) + (clicks * met) + 1);
                    }
                }
            },
            iter: 300);

    [Theory]
    [InlineData(1_000, 1_000_000_000, 1, 8)]
    [InlineData(30_000_000, 1_000_000, 8, 1)]
    [InlineData(100_000_000, 1_000_000, 25, 1)]
    public void Few_scores_go_to_all_users_and_few_clicks_to_all_items(long scores, long clicks, int items, int users) =>
        Assert.Equal((items, users), (PairGrid.Choose(8, scores, clicks, clicks, clicks / 50) is var grid ? grid.ItemParts : 0, grid.UserParts));
}
