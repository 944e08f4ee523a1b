using System.Globalization;
using OneRec.Core;

namespace OneRec.Sampling;

/// <summary>
/// Generates the log. Each user prefers a few subtopics, has sessions within one of them, sometimes clicks something
/// else, watches preferred items longer, and rarely sees an item twice.
/// </summary>
internal sealed class SampleLog(SampleOptions options, SampleWorld world)
{
    /// <summary>The CSV header.</summary>
    public const string Header = "user_id,item_id,event_time,watch_seconds,liked";

    /// <summary>2026-01-01T00:00:00Z; the log covers the 90 days from then on.</summary>
    private const long Start = 1_767_225_600;

    private const long Span = 90L * 24 * 3600;

    /// <summary>Writes all rows, user by user, in time order for each user.</summary>
    /// <param name="writer">Receives the lines.</param>
    /// <param name="progress">Called from time to time with the number of rows so far.</param>
    public void Write(TextWriter writer, Action<long> progress)
    {
        double all = 0;
        for (int user = 0; user < options.Users; user++)
        {
            all += Activity(user);
        }

        double sum = 0;
        long done = 0;
        for (int user = 0; user < options.Users; user++)
        {
            // Counts come from rounding the running share, so they sum to exactly the requested number.
            sum += Activity(user);
            long upTo = user == options.Users - 1 ? options.Interactions : (long)(options.Interactions * (sum / all));
            WriteUser(writer, user, upTo - done);
            done = upTo;
            if (user % 1000 == 999 || user == options.Users - 1)
            {
                progress(done);
            }
        }
    }

    private double Activity(int user)
    {
        SplitMix64 draws = SampleDraws.Of(options.Seed, SamplePurpose.Activity, user);
        double u = draws.NextDouble();
        return 0.2 + (2 * u * u * u);
    }

    private void WriteUser(TextWriter writer, int user, long count)
    {
        SplitMix64 draws = SampleDraws.Of(options.Seed, SamplePurpose.User, user);
        var preferred = new int[1 + (int)draws.NextBelow(3)];
        for (int i = 0; i < preferred.Length; i++)
        {
            preferred[i] = world.DrawGroup(ref draws);
        }

        var seen = new HashSet<int>();
        long step = Math.Max(1, Span / (count + 1));
        long time = Start + draws.NextBelow(step);
        int session = 0;
        int group = preferred[0];
        for (long n = 0; n < count; n++)
        {
            if (session == 0)
            {
                session = 3 + (int)draws.NextBelow(10);
                group = preferred[draws.NextBelow(preferred.Length)];
            }

            session--;
            bool strays = draws.NextDouble() < 0.15;
            int item = DrawUnseen(strays ? world.DrawGroup(ref draws) : group, seen, ref draws);
            bool isPreferred = Array.IndexOf(preferred, world.GroupOf(item)) >= 0;
            long watched = isPreferred ? 15 + draws.NextBelow(106) : 1 + draws.NextBelow(40);
            int liked = draws.NextDouble() < (isPreferred ? 0.2 : 0.02) ? 1 : 0;
            writer.Write(string.Create(
                CultureInfo.InvariantCulture, $"{user + 1L},{item + 1L},{time},{watched},{liked}\n"));
            time += 1 + draws.NextBelow(2 * step);
        }
    }

    private int DrawUnseen(int group, HashSet<int> seen, ref SplitMix64 draws)
    {
        int item = world.DrawItem(group, ref draws);
        for (int tries = 0; tries < 10 && !seen.Add(item); tries++)
        {
            item = world.DrawItem(group, ref draws);
        }

        seen.Add(item);
        return item;
    }
}
