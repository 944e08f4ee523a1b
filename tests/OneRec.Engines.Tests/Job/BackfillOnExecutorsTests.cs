using OneRec.Engines.Tests.Clusters;
using OneRec.Engines.Tests.Desks;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Job;

/// <summary>A backfill on Spark whose executors are killed at random moments leaves what the local engine leaves.</summary>
[Collection(TwoExecutorsDesk.Name)]
[Trait(TestKind.Trait, TestKind.All)]
public sealed class BackfillOnExecutorsTests(TwoExecutorsDesk desk) : BackfillOnSparkTests(desk)
{
    private const int LeastKills = 3;
    private const int MostKills = 6;

    // A task that loses its executor four times ends the job (spark.task.maxFailures), and an executor takes seconds to start.
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(20);

    [Fact]
    public void Killed_executors_lose_no_row_and_double_none()
    {
        OneRecOptions archive = LocalArchive(sliceItems: 100);
        OneRecOptions onSpark = archive with { Tables = PathOf("spark") };
        using var kills = new ExecutorKills(desk, Between, MostKills);
        StepSummary done = BackfillOnSpark(onSpark);
        Assert.True(kills.Count >= LeastKills, $"{kills.Count} executors were killed");
        Assert.Equal(NewItems, done.Rows);
        RequireEqual(archive, onSpark);
    }
}
