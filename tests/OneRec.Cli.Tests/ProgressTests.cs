using OneRec.Cli.Output;
using OneRec.Cli.Progress;
using OneRec.Core;
using OneRec.Pipeline.Running;

namespace OneRec.Cli.Tests;

public sealed class ProgressTests
{
    [Fact]
    public void Lines_come_at_most_once_in_five_seconds_with_rate_and_time_left()
    {
        var onerec = new Started();
        onerec.Backend.During = observer =>
        {
            observer.Started("swing");
            observer.Message("swing", "671 users, 9,066 items");
            for (int i = 0; i <= 120; i++)
            {
                observer.Progressed("swing", "scoring", i * 1000, 200_000, "pairs");
                onerec.Clock.Pass(0.1);
            }

            observer.Finished(new StepSummary("swing", false, 12.1, 1, 9125, [], []));
            observer.Started("pairs");
            observer.Finished(new StepSummary("pairs", true, 0, 1, 0, [], []));
            observer.Started("publish");
            observer.Finished(new StepSummary("publish", false, 0, 1, 0, [], []) { LeftOut = "c1 is published" });
        };
        Assert.Equal(0, onerec.Run("run"));
        Assert.Equal(
            """
            18:00:00 swing: started
            18:00:00 swing: 671 users, 9,066 items
            18:00:05 swing: scoring: 50,000 of 200,000 pairs (25%), 10,000 pairs/s, 15 s left
            18:00:10 swing: scoring: 100,000 of 200,000 pairs (50%), 10,000 pairs/s, 10 s left
            18:00:12 swing: done, 9,125 rows in 12.1 s
            18:00:12 pairs: started
            18:00:12 pairs: up to date
            18:00:12 publish: started
            18:00:12 publish: left out: c1 is published

            """.ReplaceLineEndings("\n"),
            onerec.Error);
    }

    [Fact]
    public void An_unknown_total_tells_count_and_rate_alone()
    {
        var clock = new ManualClock();
        var rate = new ProgressRate(clock, 100);
        clock.Pass(2);
        Assert.Equal("reading: 107 rows, 3.5 rows/s", rate.Describe("reading", 107, 0, "rows"));
        Assert.Equal("107 rows, 3.5 rows/s", rate.Describe("", 107, 0, "rows"));
    }

    [Theory]
    [InlineData(0.2, "1 s")]
    [InlineData(59, "59 s")]
    [InlineData(61, "1 min 01 s")]
    [InlineData(7500, "2 h 05 min")]
    public void Durations_are_for_people(double seconds, string text) =>
        Assert.Equal(text, ProgressRate.Duration(seconds));

    [Fact]
    public void Lines_while_bars_are_up_go_above_them_and_bars_end_with_the_work()
    {
        using var error = new StringWriter();
        var lines = new ErrorLines(error);
        var bars = new BarProgress(lines, TimeProvider.System);
        int result = bars.Watch(observer =>
        {
            observer.Started("swing");
            observer.Progressed("swing", "scoring [x]", 1, 2, "items");
            observer.Message("swing", "told");
            lines.WriteLine("a log line");
            observer.Finished(new StepSummary("swing", false, 1, 1, 3, [], []));
            return 5;
        });
        lines.WriteLine("after");
        Assert.Equal(5, result);
        Assert.Contains("swing: told", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("a log line", error.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("after" + Environment.NewLine, error.ToString(), StringComparison.Ordinal);
    }
}
