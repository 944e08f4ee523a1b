using OneRec.Core;
using OneRec.Sampling;
using OneRec.Testing;

namespace OneRec.Pipeline.Tests.Sampling;

public sealed class SampleGeneratorTests : IDisposable
{
    private static readonly string[] Files = ["items.csv", "truth.csv", "interactions.csv", "tokens.parquet", "sample.json"];
    private readonly ScratchFolder _scratch = new();

    [Fact]
    public void Equal_options_give_equal_bytes_and_another_seed_others()
    {
        var options = new SampleOptions { Items = 300, Users = 50, Interactions = 2_000, Seed = 7 };
        SampleGenerator.Generate(_scratch["a"], options);
        SampleGenerator.Generate(_scratch["b"], options);
        SampleGenerator.Generate(_scratch["c"], options with { Seed = 8 });
        foreach (string file in Files)
        {
            byte[] a = File.ReadAllBytes(Path.Combine(_scratch["a"], file));
            Assert.Equal(a, File.ReadAllBytes(Path.Combine(_scratch["b"], file)));
            Assert.NotEqual(a, File.ReadAllBytes(Path.Combine(_scratch["c"], file)));
        }

        Assert.Equal([.. Files.Order()], Directory.GetFiles(_scratch["a"]).Select(f => Path.GetFileName(f)!).Order());
    }

    [Fact]
    public void The_bytes_are_the_same_on_every_machine()
    {
        SampleGenerator.Generate(_scratch["a"], new SampleOptions { Items = 300, Users = 50, Interactions = 2_000, Topics = 20 });
        string[] hashes = [.. Files[..3].Select(f => StableHash.Sha256OfFile(Path.Combine(_scratch["a"], f))[..12])];
        Assert.Equal(["4cd1e3a80dba", "cbaad2ba01bf", "86ac621b3c5d"], hashes);
        float[] first = Tokens(_scratch["a"])[0].Vectors;
        Assert.Equal("084b284088d18040", Convert.ToHexStringLower(System.Runtime.InteropServices.MemoryMarshal.AsBytes(first.AsSpan(0, 2))));
    }

    [Fact]
    public void Float16_tokens_are_the_floats_rounded_in_groups_of_bounded_size()
    {
        var options = new SampleOptions { Items = 50, Users = 1, Interactions = 1, Tokens = 1_280, Dimensions = 512 };
        SampleGenerator.Generate(_scratch["a"], options with { Items = 3 });
        SampleGenerator.Generate(_scratch["b"], options with { TokenType = SampleTokenType.Float16 });
        var floats = Tokens(_scratch["a"]);
        var halves = Tokens(_scratch["b"]);
        Assert.Equal(Enumerable.Range(1, 50).Select(i => (long)i), halves.Select(t => t.Id));

        // An item's vectors depend on the number of items (its topic does), so a sample of the same number is compared.
        SampleGenerator.Generate(_scratch["c"], options with { Items = 3, TokenType = SampleTokenType.Float16 });
        foreach (((_, float[] whole), (_, float[] half)) in floats.Zip(Tokens(_scratch["c"])))
        {
            Assert.True(whole.Select(v => (float)(Half)v).SequenceEqual(half));
        }

        using var reader = new ParquetSharp.ParquetFileReader(Path.Combine(_scratch["b"], "tokens.parquet"));
        for (int group = 0; group < reader.FileMetaData.NumRowGroups; group++)
        {
            using ParquetSharp.RowGroupReader rows = reader.RowGroup(group);
            Assert.InRange(rows.MetaData.TotalByteSize, 1, 17L << 20);
        }

        // A sample that was made before the type could be chosen is still there.
        Assert.DoesNotContain("tokenType", File.ReadAllText(Path.Combine(_scratch["a"], "sample.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void Asking_for_the_same_again_writes_nothing()
    {
        var options = new SampleOptions { Items = 100, Users = 10, Interactions = 200 };
        SampleSummary first = SampleGenerator.Generate(_scratch["a"], options);
        Assert.False(first.AlreadyThere);
        DateTime[] before = [.. Files.Select(f => File.GetLastWriteTimeUtc(Path.Combine(_scratch["a"], f)))];
        Assert.Equal(first with { AlreadyThere = true }, SampleGenerator.Generate(_scratch["a"], options));
        Assert.Equal(before, Files.Select(f => File.GetLastWriteTimeUtc(Path.Combine(_scratch["a"], f))));

        File.AppendAllText(Path.Combine(_scratch["a"], "items.csv"), "x");
        Assert.False(SampleGenerator.Generate(_scratch["a"], options).AlreadyThere);
        Assert.False(SampleGenerator.Generate(_scratch["a"], options with { Users = 11 }).AlreadyThere);
    }

    [Fact]
    public void Counts_are_those_asked_for()
    {
        var options = new SampleOptions { Items = 501, Users = 77, Interactions = 3_333, Tokens = 3, Dimensions = 5 };
        SampleGenerator.Generate(_scratch["a"], options);
        Assert.Equal(501, Lines("items.csv").Count);
        Assert.Equal(501, Lines("truth.csv").Count);
        List<string[]> log = Lines("interactions.csv");
        Assert.Equal(3_333, log.Count);
        Assert.All(log, r => Assert.InRange(int.Parse(r[1]), 1, 501));
        Assert.Equal(77, log.Select(r => r[0]).Distinct().Count());
        var tokens = Tokens(_scratch["a"]);
        Assert.Equal(Enumerable.Range(1, 501).Select(i => (long)i), tokens.Select(t => t.Id));
        Assert.All(tokens, t => Assert.Equal(15, t.Vectors.Length));
        Assert.All(
            log.GroupBy(r => r[0]),
            user => Assert.Equal(user.Select(r => long.Parse(r[2])).Order(), user.Select(r => long.Parse(r[2]))));
    }

    [Fact]
    public void Topics_can_be_found_from_vectors_and_from_clicks()
    {
        var options = new SampleOptions { Items = 400, Users = 300, Interactions = 12_000 };
        SampleGenerator.Generate(_scratch["a"], options);
        var truth = Lines("truth.csv").ToDictionary(r => long.Parse(r[0]), r => (Topic: r[1], Subtopic: r[2]));
        Assert.Equal(16, truth.Values.Select(t => t.Topic).Distinct().Count());
        Assert.Equal(64, truth.Values.Select(t => t.Subtopic).Distinct().Count());

        // The nearest other item by the mean of its vectors is nearly always of the same subtopic.
        (long Id, double[] Mean)[] items = [.. Tokens(_scratch["a"]).Select(t => (t.Id, Mean(t.Vectors, 64)))];
        int subtopic = items.Count(a => truth[Nearest(a, items)].Subtopic == truth[a.Id].Subtopic);
        Assert.InRange(subtopic, 380, 400);

        // Items of one topic lie nearer than those of two, subtopics nearer still.
        double[] byKind = [.. items
            .SelectMany(a => items.Where(b => b.Id > a.Id).Select(b => (Kind: Kind(truth[a.Id], truth[b.Id]), D: Square(a.Mean, b.Mean))))
            .GroupBy(p => p.Kind).OrderBy(g => g.Key).Select(g => g.Average(p => p.D))];
        Assert.True(byKind[0] * 1.5 < byKind[1] && byKind[1] * 1.5 < byKind[2], string.Join(' ', byKind));

        // Two items that follow one another in a user's log share a topic far more often than by chance (1 in 16).
        List<string[]> log = Lines("interactions.csv");
        int same = log.Zip(log.Skip(1)).Count(p => p.First[0] == p.Second[0]
            && truth[long.Parse(p.First[1])].Topic == truth[long.Parse(p.Second[1])].Topic);
        Assert.InRange(same / (double)log.Count, 0.5, 0.95);
    }

    [Fact]
    public void Popularity_is_zipfs_with_an_offset()
    {
        var options = new SampleOptions { Items = 400, Users = 5_000, Interactions = 100_000, Tokens = 1, Dimensions = 1 };
        SampleGenerator.Generate(_scratch["a"], options);
        int[] counts = new int[400];
        foreach (string[] row in Lines("interactions.csv"))
        {
            counts[int.Parse(row[1]) - 1]++;
        }

        int[] ranked = [.. counts.OrderDescending()];
        double offset = 2 * Math.Sqrt(400);
        double sum = Enumerable.Range(0, 400).Sum(r => 1 / (r + offset));
        foreach (int rank in new[] { 0, 10, 50, 100, 200, 399 })
        {
            double expected = 100_000 / (rank + offset) / sum;
            Assert.InRange(ranked[rank], expected * 0.7, expected * 1.45);
        }

        // Ids do not tell popularity: the popular half lies all over the catalogue.
        Assert.InRange(counts[..200].Count(c => c >= ranked[200]), 70, 130);
    }

    [Fact]
    public void Texts_are_of_the_topic_and_readable_by_a_csv_reader()
    {
        SampleGenerator.Generate(_scratch["a"], new SampleOptions { Items = 200, Users = 1, Interactions = 1, Topics = 18 });
        var truth = Lines("truth.csv").ToDictionary(r => r[0]);
        foreach (string line in File.ReadLines(Path.Combine(_scratch["a"], "items.csv")).Skip(1))
        {
            string[] fields = Csv(line);
            Assert.Equal(4, fields.Length);
            Assert.StartsWith($"{truth[fields[0]][1]}, {truth[fields[0]][2]}, ", fields[3], StringComparison.Ordinal);
            Assert.StartsWith(truth[fields[0]][2], fields[2], StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void A_cancelled_sample_leaves_no_half_file_under_its_name()
    {
        using var cancel = new CancellationTokenSource();
        var options = new SampleOptions { Items = 25_000, Users = 10, Interactions = 100, Tokens = 1, Dimensions = 2 };
        Assert.Throws<OperationCanceledException>(() => SampleGenerator.Generate(
            _scratch["a"],
            options,
            p =>
            {
                if (p is { File: "truth.csv", Done: 10_000 })
                {
                    cancel.Cancel();
                }
            },
            cancel.Token));
        Assert.Equal(["items.csv", "sample.json.part"], Directory.GetFiles(_scratch["a"]).Select(f => Path.GetFileName(f)).Order());
        Assert.False(SampleGenerator.Generate(_scratch["a"], options).AlreadyThere);
    }

    [Fact]
    public void Bad_options_and_folders_are_told()
    {
        var problems = new Problems();
        new SampleOptions { Items = 0, Tokens = 0, Topics = 5_000 }.Validate(problems);
        Assert.Equal(
            [
                "--items must be 1 to 100000000 (got 0)",
                "--topics must be 1 to 4096 (got 5000)",
                "--tokens must be vectors x floats, 1x1 to 4096x16384, such as 8x64 (got 0x64)",
            ],
            problems.Lines);

        File.WriteAllText(_scratch["file"], "");
        OneRecException e = Assert.Throws<OneRecException>(() => SampleGenerator.Generate(_scratch["file"], new SampleOptions()));
        Assert.Equal((ErrorKind.Configuration, "sample.folder"), (e.Kind, e.Code));
        Assert.StartsWith($"{_scratch["file"]}: cannot be written (", e.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _scratch.Dispose();

    private List<string[]> Lines(string file) =>
        [.. File.ReadLines(Path.Combine(_scratch["a"], file)).Skip(1).Select(l => l.Split(','))];

    private static int Kind((string Topic, string Subtopic) a, (string Topic, string Subtopic) b) =>
        a.Subtopic == b.Subtopic ? 0 : a.Topic == b.Topic ? 1 : 2;

    private static long Nearest((long Id, double[] Mean) item, (long Id, double[] Mean)[] all) =>
        all.Where(o => o.Id != item.Id).MinBy(o => Square(o.Mean, item.Mean)).Id;

    private static double Square(double[] a, double[] b) => a.Zip(b).Sum(p => (p.First - p.Second) * (p.First - p.Second));

    private static double[] Mean(float[] vectors, int d) =>
        [.. Enumerable.Range(0, d).Select(t => Enumerable.Range(0, vectors.Length / d).Average(v => (double)vectors[(v * d) + t]))];

    /// <summary>A line's fields as RFC 4180 has them.</summary>
    private static string[] Csv(string line)
    {
        var fields = new List<string>();
        string field = "";
        bool quoted = false;
        foreach (char c in line)
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                fields.Add(field);
                field = "";
            }
            else
            {
                field += c;
            }
        }

        return [.. fields, field];
    }

    private static List<(long Id, float[] Vectors)> Tokens(string folder) => SampleTokensFile.Read(folder);
}
