using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Pipeline.Running;

namespace OneRec.Cli.Tests;

public sealed class OutputTests
{
    private readonly Started _onerec = new();

    [Fact]
    public void The_summary_of_a_run_is_a_table_and_ends_with_the_report()
    {
        _onerec.Run("run");
        Assert.Equal(
            [
                "step   | status | rows  | seconds | rows/s | read | written | peak memory | facts",
                "ingest | up to date |  | 1.3 |  |  |  | 100 MiB | since run r0",
                "swing  | done | 9,125 | 1.3 | 7,242 | 2 MiB | 1 KiB | 100 MiB | users 671",
                "run r1: done in 2.5 s, peak memory 200 MiB, written 1 KiB",
                "swing: /data/page.html",
            ],
            Rows(_onerec.Out), new SameCells());
        Assert.Equal("", _onerec.Error);
    }

    [Fact]
    public void A_run_that_had_nothing_to_do_says_so()
    {
        _onerec.Backend.Answer = _ => new RunSummary(
            "r2", [new StepSummary("ingest", true, 0.01, 1 << 20, 0, [], [])], 0.04, 1 << 20);
        _onerec.Run("run");
        Assert.EndsWith(
            "run r2: everything was up to date, nothing was written in 0.0 s, peak memory 1 MiB\n",
            _onerec.Out,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Where_the_engines_time_went_is_told_where_it_tells()
    {
        _onerec.Backend.Answer = _ => new RunSummary(
            "r2", [new StepSummary("ingest", false, 3, 1 << 20, 5, [], [])], 3.4, 1 << 20)
        { Times = [new("start", 2), new("jobs", 1.25)] };
        _onerec.Run("run");
        Assert.EndsWith("s, peak memory 1 MiB\nengine: start 2.0 s, jobs 1.2 s\n", _onerec.Out, StringComparison.Ordinal);
        _onerec.Run("run", "--output", "json");
        Assert.Equal("""{"start":2,"jobs":1.25}""", JsonNode.Parse(_onerec.Out)!["engine_seconds"]!.ToJsonString());
    }

    [Theory]
    [InlineData(99, "")]
    [InlineData(1_234, "the tables have 1,234 small files; 'onerec maintain' merges them\n")]
    public void Many_small_files_are_told_with_what_merges_them(long files, string line)
    {
        _onerec.Backend.Answer = _ => new RunSummary(
            "r2", [new StepSummary("ingest", false, 3, 1 << 20, 5, [], [])], 3.4, 1 << 20)
        { SmallFiles = files };
        _onerec.Run("run");
        Assert.EndsWith($"s, peak memory 1 MiB\n{line}", _onerec.Out, StringComparison.Ordinal);
        _onerec.Run("run", "--output", "json");
        Assert.Equal(files, (long)JsonNode.Parse(_onerec.Out)!["small_files"]!);
    }

    [Fact]
    public void The_summary_as_JSON_is_one_object()
    {
        Assert.Equal(0, _onerec.Run("run", "--output", "json"));
        JsonNode expected = JsonNode.Parse("""
            {
              "run_id": "r1", "command": "run", "seconds": 2.5, "peak_memory_bytes": 209715200,
              "written_bytes": 1024, "report": null, "small_files": 0,
              "steps": [
                { "step": "ingest", "up_to_date": true, "rows": 0, "seconds": 1.26, "peak_memory_bytes": 104857600,
                  "written_bytes": 0, "since_run": "r0", "tables": [{ "table": "ingest_table", "version": 0 }], "facts": { "users": 671 } },
                { "step": "swing", "up_to_date": false, "rows": 9125, "seconds": 1.26, "peak_memory_bytes": 104857600,
                  "read_bytes": 2097152, "written_bytes": 1024, "tables": [{ "table": "swing_table", "version": 1 }], "result": "/data/page.html", "facts": { "users": 671 } }
              ]
            }
            """)!;
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(_onerec.Out)), _onerec.Out);
    }

    [Fact]
    public void Facts_are_numbers_in_JSON_where_they_are_numbers()
    {
        _onerec.Backend.Answer = _ => new RunSummary(
            "r1",
            [
                new StepSummary("evaluate", false, 1, 1, 1, [],
                [
                    Fact.Of("pairs", 9_007_199_254_740_993),
                    Fact.Of("drift", 0.123456789, "0.1235"),
                    Fact.Of("utilization", [1, 0.5], "1 0.5"),
                    Fact.Of("no drift", double.NaN, "NaN"),
                    new Fact("codebook", "12345"),
                ]),
            ],
            1,
            1);

        _onerec.Run("run", "--output", "json");
        Assert.Equal(
            """{"pairs":9007199254740993,"drift":0.123456789,"utilization":[1,0.5],"no drift":"NaN","codebook":"12345"}""",
            JsonNode.Parse(_onerec.Out)!["steps"]![0]!["facts"]!.ToJsonString());
        _onerec.Run("run", "--output", "csv");
        Assert.Contains("\"pairs 9,007,199,254,740,993, drift 0.1235, utilization 1 0.5, no drift NaN, codebook 12345\"", _onerec.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_of_an_engine_names_the_step_whatever_its_message_says()
    {
        _onerec.Backend.Answer = _ => throw new OneRecException(ErrorKind.Engine, "engine.io", "swing: cannot be read") { Step = "swing" };
        Assert.Equal(5, _onerec.Run("run"));
        Assert.Equal("error engine.io: swing: swing: cannot be read\n", _onerec.Error);
    }

    [Fact]
    public void The_summary_as_CSV_has_a_line_a_step()
    {
        _onerec.Run("run", "--output", "csv");
        Assert.Equal(
            "run_id,step,up_to_date,rows,seconds,read_bytes,written_bytes,peak_memory_bytes,tables,facts\r\n"
            + "r1,ingest,true,0,1.26,,0,104857600,ingest_table@0,since run r0\r\n"
            + "r1,swing,false,9125,1.26,2097152,1024,104857600,swing_table@1,users 671\r\n",
            _onerec.Out);
    }

    [Fact]
    public void Rows_as_text_are_aligned_with_numbers_to_the_right()
    {
        Assert.Equal(0, _onerec.Run("sql", "SELECT 1"));
        Assert.Equal(
            """
            item_id  title              codes
            -------  -----------------  ------
                  1  Toy "Story", 1995  [12,7]
                 20  null               null
            (2 rows)

            """.ReplaceLineEndings("\n"),
            _onerec.Out);
    }

    [Fact]
    public void Rows_as_CSV_are_RFC_4180()
    {
        _onerec.Run("sql", "SELECT 1", "--output", "csv");
        Assert.Equal(
            "item_id,title,codes\r\n1,\"Toy \"\"Story\"\", 1995\",\"[12,7]\"\r\n20,,\r\n",
            _onerec.Out);
    }

    [Fact]
    public void Sql_as_JSON_is_an_array_of_objects()
    {
        _onerec.Run("sql", "SELECT 1", "--output", "json");
        const string Expected = """
            [{ "item_id": 1, "title": "Toy \"Story\", 1995", "codes": [12, 7] },
             { "item_id": 20, "title": null, "codes": null }]
            """;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Expected), JsonNode.Parse(_onerec.Out)), _onerec.Out);
    }

    [Fact]
    public void Lookup_as_JSON_is_one_object_with_rows()
    {
        _onerec.Run("lookup", "1", "--output", "json");
        Assert.Equal(2, JsonNode.Parse(_onerec.Out)!["rows"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("text", "catalogue\n  items     9,125\nlog\n  rows      100,004\n  positive  50 (50 %)\n")]
    [InlineData("csv", "section,name,value\r\ncatalogue,items,\"9,125\"\r\nlog,rows,\"100,004\"\r\nlog,positive,50 (50 %)\r\n")]
    [InlineData(
        "json",
        "{\n  \"catalogue\": {\n    \"items\": 9125\n  },\n  \"log\": {\n    \"rows\": 100004,\n    \"positive\": {\n      \"count\": 50,\n      \"share\": 0.5\n    }\n  }\n}\n")]
    public void Facts_of_check_come_in_every_format(string format, string expected)
    {
        Assert.Equal(0, _onerec.Run("check", "--output", format));
        Assert.Equal(expected, _onerec.Out);
    }

    /// <summary>The lines of a table that say something.</summary>
    private static string[] Rows(string text) =>
        [.. text.Split('\n').Where(l => l.Trim().Length > 0 && l.Any(char.IsLetterOrDigit))];

    /// <summary>Lines are equal if their cells are: two spaces or a bar between cells.</summary>
    private sealed class SameCells : IEqualityComparer<string>
    {
        public bool Equals(string? x, string? y) => Cells(x!).SequenceEqual(Cells(y!));

        public int GetHashCode(string obj) => 0;

        private static IEnumerable<string> Cells(string line) => line
            .Replace("|", "   ", StringComparison.Ordinal)
            .Split("  ", StringSplitOptions.RemoveEmptyEntries)
            .Select(c => c.Trim())
            .Where(c => c.Length > 0);
    }
}
