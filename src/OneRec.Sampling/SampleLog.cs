using System.Globalization;
using OneRec.Core;

namespace OneRec.Sampling;

/// <summary>
/// The log: each user has a few subtopics of liking, goes through sessions of one of them at a time, now and then strays,
/// watches long what is to his liking, and seldom meets an item twice.
/// </summary>
internal sealed class SampleLog(SampleOptions options, SampleWorld world)
{
    /// <summary>The header.</summary>
    public const string Header = "user_id,item_id,event_time,watch_seconds,liked";

    /// <summary>2026-01-01T00:00:00Z; the log covers 90 days from it.</summary>
    private const long Start = 1_767_225_600;

    private const long Span = 90L * 24 * 3600;

    /// <summary>Writes all rows, user by user, each in time's order.</summary>
    /// <param name="writer">Gets lines.</param>
    /// <param name="told">Called with rows so far, now and then.</param>
    public void Write(TextWriter writer, Action<long> told)
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
            // Counts by rounding the running share: they sum to exactly what was asked for.
            sum += Activity(user);
            long upTo = user == options.Users - 1 ? options.Interactions : (long)(options.Interactions * (sum / all));
            WriteUser(writer, user, upTo - done);
            done = upTo;
            if (user % 1000 == 999 || user == options.Users - 1)
            {
                told(done);
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
        var liking = new int[1 + (int)draws.NextBelow(3)];
        for (int i = 0; i < liking.Length; i++)
        {
            liking[i] = world.DrawGroup(ref draws);
        }

        var seen = new HashSet<int>();
        long step = Math.Max(1, Span / (count + 1));
        long time = Start + draws.NextBelow(step);
        int session = 0;
        int group = liking[0];
        for (long n = 0; n < count; n++)
        {
            if (session == 0)
            {
                session = 3 + (int)draws.NextBelow(10);
                group = liking[draws.NextBelow(liking.Length)];
            }

            session--;
            bool strays = draws.NextDouble() < 0.15;
            int item = Fresh(strays ? world.DrawGroup(ref draws) : group, seen, ref draws);
            bool toLiking = Array.IndexOf(liking, world.GroupOf(item)) >= 0;
            long watched = toLiking ? 15 + draws.NextBelow(106) : 1 + draws.NextBelow(40);
            int liked = draws.NextDouble() < (toLiking ? 0.2 : 0.02) ? 1 : 0;
            writer.Write(string.Create(
                CultureInfo.InvariantCulture, $"{user + 1L},{item + 1L},{time},{watched},{liked}\n"));
            time += 1 + draws.NextBelow(2 * step);
        }
    }

    private int Fresh(int group, HashSet<int> seen, ref SplitMix64 draws)
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
