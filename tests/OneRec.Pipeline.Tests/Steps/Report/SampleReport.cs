using OneRec.Core;
using OneRec.Report.Model;

namespace OneRec.Pipeline.Tests.Steps.Report;

/// <summary>A model with something in every place, and titles that try to break out of the page.</summary>
internal static class SampleReport
{
    public const string Fingerprint = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    public static readonly string[] HostileTitles =
    [
        "<script>alert('onerec')</script>",
        "\"><img src=x onerror=alert(1)>",
        "</style></title></body><h1>out</h1>",
        "Tom & Jerry &amp; &lt;Friends&gt; ]]> <!-- -->",
        "\u05E1\u05E8\u05D8 \u05E2\u05D1\u05E8\u05D9 (1999) \u202Eevil\u202C",
        "\U0001F9F8\U0001F468\u200D\U0001F469\u200D\U0001F467 emoji \U0001F3AC",
        "nul\0 bell\u0007 lone\uD800 tab\tend\r\nline\uFFFE",
        "Averyveryverylongtitlewithoutanyspacesatallthatwouldpushatablebeyondthescreenofatelephoneifitcouldnotbreak",
        "{{constructor}} ${7*7} `x` 'quoted'",
    ];

    public static ReportModel Model(int levels = 3, int codes = 256, int items = 9125, int examples = 8)
    {
        var draw = new SplitMix64(7);
        return new ReportModel
        {
            RunId = "20261124-184700-7f3a",
            GeneratedAt = new DateTimeOffset(2026, 11, 24, 18, 47, 12, TimeSpan.Zero),
            Product = "OneRec.Spark 0.1.0",
            Fingerprint = Fingerprint,
            CodebookId = "9c0ffee123456789",
            ModelId = "5eed5eed5eed5eed",
            Publication = new PublicationReport(3, "9c0ffee123456789", new DateTimeOffset(2026, 11, 24, 18, 46, 0, TimeSpan.Zero)),
            NewIds = 137,
            AssignedBy = "20261124-184700-7f3a",
            Levels = [.. Enumerable.Range(0, levels).Select(l => Level(l, codes, items, ref draw))],
            Collisions = new CollisionReport(items, items - 691, 1201, 17)
            {
                Buckets = [.. Enumerable.Range(1, 17).Select(size => new BucketReport(size, 8000 / (size * size)))],
                Crowded =
                [
                    new CrowdedReport("12-7-99", 17, ["Police Story (1985)", "Police Story 2 (1988)", HostileTitles[0]]),
                    new CrowdedReport("40-7-3", 11, ["Halloween (1978)", "Halloween II (1981)", "Halloween III (1982)"]),
                ],
            },
            Tree = new TreeReport(
                [
                    .. Enumerable.Range(0, 40).Select(n => new PrefixReport($"{n}", 300 - n)
                    {
                        Words = n == 3 ? [] : ["drama", HostileTitles[n % HostileTitles.Length]],
                        Titles = [HostileTitles[(n + 1) % HostileTitles.Length], "標題 " + n, new string('w', 500)],
                        Children = [.. Enumerable.Range(0, 4).Select(c => new PrefixReport($"{n}-{c}", 4 - c) { Words = ["noir"], Titles = [HostileTitles[(n + c) % HostileTitles.Length]] })],
                        AllChildren = 9,
                    }),
                ],
                216,
                1_234),
            Previous = new EvaluationReport("20261117-020000-11aa", "0ldc0deb00k00000")
            {
                Utilization = 0.941,
                CollisionRate = 0.0912,
                RelativeError = 0.447,
            },
            Evaluations = [.. Enumerable.Range(0, 5).Select(i => new EvaluationReport($"night-{i}", i < 3 ? "0ldc0deb00k00000" : "9c0ffee123456789")
            {
                Utilization = 0.9 + (i * 0.0125),
                CollisionRate = 0.09 - (i * 0.0021),
                RelativeError = i == 2 ? null : 0.44 - (i * 0.013),
                Neighbours = 0.31 + (i * 0.0071),
            })],
            Examples = [.. Enumerable.Range(0, examples).Select(i => Example(i, codes, ref draw))],
            Refused = [new RefusedReport("ingest", "bad row: <b>3 fields</b>, 2 wanted", 4)],
            Provenance = new ProvenanceReport(
                [new TableReport("items", 12), new TableReport("semantic_ids", 1234), new TableReport("item_pairs", null)],
                [
                    Step("ingest", "20261117-020000-11aa", 9125, 0.812),
                    Step("swing", "20261117-020000-11aa", 411_220, 3.41),
                    Step("train", "20261124-184700-7f3a", 768, 205.3),
                ]),
        };
    }

    private static LevelReport Level(int level, int codes, int items, ref SplitMix64 draw)
    {
        long[] usage = new long[codes];
        for (int i = 0; i < items; i++)
        {
            double u = draw.NextDouble();
            usage[(int)(Math.Pow(u, 1.0 + (0.4 / (level + 1))) * codes)]++;
        }

        double entropy = usage.Where(c => c > 0).Sum(c => -((double)c / items * Math.Log((double)c / items)));
        double last = 0.61 * Math.Pow(0.78, level);
        return new LevelReport(level, codes)
        {
            Error = last * 0.9731,
            RelativeError = last,
            Utilization = (double)usage.Count(c => c > 0) / codes,
            Entropy = entropy,
            Perplexity = Math.Exp(entropy),
            InSampleNeighbours = 0.61 / (level + 1),
            HeldOutNeighbours = 0.43 / (level + 1),
            InSamplePairs = 12_345,
            HeldOutPairs = 678,
            NeighbourChance = 0.07 / (level + 1),
            Objective = [.. Enumerable.Range(0, 24).Select(i => new ObjectivePoint(i, last * (0.9731 + (0.31 * Math.Exp(-i / 4.0)))))],
            Usage = usage,
        };
    }

    private static ExampleReport Example(int index, int codes, ref SplitMix64 draw)
    {
        string[] titles =
        [
            "Toy Story (1995)", "Bug's Life, A (1998)", "Misérables, Les (1995)", "Star Wars: Episode IV - A New Hope (1977)",
            "Monty Python and the Holy Grail (1975)", "Matrix, The (1999)", "Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb (1964)",
            .. HostileTitles,
        ];
        int first = index * 7 % codes;
        int second = 3 + index;
        var swing = new List<SwingNeighbour>();
        var siblings = new List<ReportItem>();
        for (int i = 0; i < 6; i++)
        {
            int code = draw.NextDouble() < 0.4 ? first : (int)draw.NextBelow(codes);
            string title = titles[(index + (3 * i) + 1) % titles.Length];
            swing.Add(new SwingNeighbour(
                new ReportItem($"{1000 + (10 * index) + i}", title, i == 5 ? null : $"{code}-{(i == 0 ? second : draw.NextBelow(codes))}-{draw.NextBelow(codes)}", i == 5 ? null : 0),
                0.0913 / (i + 1),
                40 - i));
            siblings.Add(new ReportItem(
                $"{2000 + (10 * index) + i}",
                titles[(index + (5 * i) + 2) % titles.Length],
                i < 3 ? $"{first}-{second}-{draw.NextBelow(codes)}" : $"{first}-{draw.NextBelow(codes)}-{draw.NextBelow(codes)}",
                0));
        }

        return new ExampleReport(new ReportItem($"{index + 1}", titles[index % titles.Length], $"{first}-{second}-99", index % 3), swing, siblings);
    }

    private static StepReport Step(string step, string run, long rows, double seconds) => new(
        step,
        run,
        rows,
        seconds,
        new DateTimeOffset(2026, 11, 24, 18, 45, 0, TimeSpan.Zero),
        "0.1.0",
        1,
        StableHash.Sha256(step),
        [new("items", "12"), new("interactions", StableHash.Sha256("log"))],
        [new("swing.alpha1", "15"), new("swing.where", "\"rating >= 4 AND title <> '<b>'\"")])
    {
        Facts = step == "swing" ? [new("clicks used", "81,234"), new("dropped: users with <2 items", "1,789")] : [new("rows", $"{rows}")],
    };
}
