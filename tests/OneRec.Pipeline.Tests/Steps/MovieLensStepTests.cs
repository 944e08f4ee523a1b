using OneRec.Inputs.Options;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Pairs;
using OneRec.Pipeline.Steps.Swing;
using OneRec.Testing;

namespace OneRec.Pipeline.Tests.Steps;

/// <summary>Ingest, swing and pairs on MovieLens, beside plain readings of its files.</summary>
public sealed class MovieLensStepTests : IDisposable
{
    private readonly StepBench _bench = new();

    [Fact]
    public void Rows_are_those_of_the_definitions()
    {
        string data = Desk.MovieLens();
        OneRecOptions options = Options(data);
        IReadOnlyList<StepSummary> steps = _bench.Run(options, "ingest", "swing", "pairs");
        Assert.Equal(9125, steps[0].Rows);

        string[] liked = [.. File.ReadLines(Path.Combine(data, "ratings.csv")).Skip(1)
            .Select(l => l.Split(','))
            .Where(f => double.Parse(f[2]) >= 4.5)
            .Select(f => $"{f[0]},{f[1]},{f[3]}")];
        Assert.Equal(SwingReference.Rows(liked, options.Section<SwingOptions>(), options.Seed), _bench.Text("item_similarity"));
        (string[] pairs, string[] facts) = PairsReference.Rows(liked, _bench.Table("item_similarity"), options.Section<PairsOptions>());
        Assert.Equal(pairs, _bench.Text("item_pairs"));
        Assert.Equal(facts, steps[2].Facts.Select(f => $"{f.Name} {f.Value}"));
    }

    [Fact]
    public void Catalogue_has_titles_and_tags()
    {
        string data = Desk.MovieLens();
        _bench.Run(Options(data), "ingest");
        Dictionary<long, object?[]> items = _bench.Table("items").ToDictionary(r => (long)r[0]!);
        Assert.Equal(9125, items.Count);
        Assert.Equal("Toy Story (1995)", items[1][1]);
        Assert.Equal("Adventure, Animation, Children, Comedy, Fantasy", items[1][2]);
        Dictionary<long, string> tags = File.ReadLines(Path.Combine(data, "tags.csv")).Skip(1)
            .Select(Fields)
            .GroupBy(f => long.Parse(f[1]))
            .ToDictionary(
                g => g.Key,
                g => string.Join(", ", g.GroupBy(f => f[2]).OrderByDescending(t => t.Count()).ThenBy(t => t.Key, StringComparer.Ordinal).Select(t => t.Key)));
        Assert.True(tags.Count > 600);
        foreach ((long movie, string expected) in tags)
        {
            Assert.Equal(expected, items[movie][3]);
        }
    }

    public void Dispose() => _bench.Dispose();

    /// <summary>A line's fields: at every second quote one is inside.</summary>
    private static string[] Fields(string line)
    {
        string[] parts = line.Replace("\"\"", "\u0002").Split('"');
        for (int p = 1; p < parts.Length; p += 2)
        {
            parts[p] = parts[p].Replace(',', '\u0001');
        }

        return [.. string.Concat(parts).Split(',').Select(f => f.Replace('\u0001', ',').Replace('\u0002', '"'))];
    }

    private static OneRecOptions Options(string data) => new()
    {
        Input = new InputOptions
        {
            Interactions = Path.Combine(data, "ratings.csv"),
            Items = Path.Combine(data, "movies.csv"),
            Tags = Path.Combine(data, "tags.csv"),
            Columns = new InputColumns { User = "userId", Item = "movieId", Time = "timestamp", TagItem = "movieId", Tag = "tag" },
            ItemFields = new ItemFieldOptions { ItemId = "movieId", Caption = "replace(genres, '|', ', ')" },
            Where = "rating >= 4.5",
        },
        Sections = [new SwingOptions { TopK = 50, MaxItemUsers = 40 }, new PairsOptions()],
    };
}
