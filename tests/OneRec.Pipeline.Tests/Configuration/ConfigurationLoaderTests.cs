using OneRec.Cli;
using OneRec.Configuration;
using OneRec.Core;
using OneRec.Pipeline.Configuration;
using OneRec.Testing;

namespace OneRec.Pipeline.Tests.Configuration;

public sealed class ConfigurationLoaderTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Nothing_given_is_all_defaults_with_full_paths()
    {
        KnownOptions options = Good(null);
        Assert.Equal(100, options.Swing.TopK);
        Assert.Equal(_folder["tables"], options.Tables);
        Assert.Null(options.Input.Items);
    }

    [Fact]
    public void Command_line_beats_environment_beats_file()
    {
        const string File = """{ "seed": 2, "threads": 2, "swing": { "topK": 2, "alpha1": 2 } }""";
        KnownOptions options = Good(
            File,
            new() { ["ONEREC__SEED"] = "3", ["ONEREC__SWING__TOPK"] = "3" },
            "seed=4");
        Assert.Equal((4, 2, 3, 2.0), (options.Seed, options.Threads, options.Swing.TopK, options.Swing.Alpha1));
    }

    [Fact]
    public void Later_set_beats_earlier_and_a_section_as_JSON_merges_key_by_key()
    {
        KnownOptions options = Good(null, null, "swing.topK=5", "swing={\"alpha1\":1,\"exact\":true}", "swing.topK=6");
        Assert.Equal((6, 1.0, true), (options.Swing.TopK, options.Swing.Alpha1, options.Swing.Exact));
    }

    [Fact]
    public void Comments_trailing_commas_and_a_byte_order_mark_are_read()
    {
        KnownOptions options = Good("\uFEFF{ // how many\n \"swing\": { \"topK\": 9, /* all */ },\n}");
        Assert.Equal(9, options.Swing.TopK);
    }

    [Theory]
    [InlineData("ONEREC__SWING__TOPK")]
    [InlineData("onerec__swing__topK")]
    [InlineData("OneRec__Swing__TopK")]
    public void Environment_names_match_in_any_case(string name) =>
        Assert.Equal(8, Good(null, new() { [name] = "8" }).Swing.TopK);

    [Fact]
    public void One_variable_in_two_spellings_is_told_only_where_they_differ()
    {
        Assert.Equal(8, Good(null, new() { ["ONEREC__SEED"] = "8", ["onerec__seed"] = "8" }).Seed);
        Assert.Equal(
            ["environment variables ONEREC__SEED and onerec__seed have different values; unset one of them"],
            Bad(null, new() { ["ONEREC__SEED"] = "8", ["onerec__seed"] = "9" }));
    }

    [Fact]
    public void Text_that_looks_like_a_number_stays_text_where_text_is_wanted()
    {
        Assert.Equal("007", Good(null, null, "input.where=007").Input.Where);
        Assert.Equal("1e3", Good(null, null, "input.where=1e3").Input.Where);
        Assert.Equal("a=b", Good(null, null, "input.where=a=b").Input.Where);
        Assert.Equal("007", Good(null, null, "input.where=\"007\"").Input.Where);
        Assert.Null(Good("""{ "input": { "where": "x" } }""", null, "input.where=null").Input.Where);
    }

    [Fact]
    public void Numbers_lists_null_and_names_are_read_from_set()
    {
        KnownOptions options = Good(
            """{ "swing": { "maxUserItems": 3 } }""",
            null,
            "swing.alpha1=1.5",
            "swing.codes=[256,128]",
            "swing.maxUserItems=null",
            "swing.mode=kmeans++",
            "swing.exact=true");
        Assert.Equal(1.5, options.Swing.Alpha1);
        Assert.Equal([256, 128], options.Swing.Codes);
        Assert.Null(options.Swing.MaxUserItems);
        Assert.Equal(KnownMode.KMeansPlusPlus, options.Swing.Mode);
        Assert.Equal([64], Good(null, null, "swing.codes=64").Swing.Codes);
    }

    [Fact]
    public void Paths_of_a_file_are_relative_to_it_and_of_the_command_line_to_the_working_directory()
    {
        Directory.CreateDirectory(_folder["conf"]);
        File.WriteAllText(_folder["conf/a.json"], """
            {
              "tables": "../t",
              "input": {
                "items": "s3://bucket/items",
                "logs": ["x/*.csv", "/abs/y.csv"],
                "blocks": [{ "kind": "text", "model": "m" }],
              },
            }
            """);
        KnownOptions options = Load("conf/a.json", null, "input.items=i.csv").Options!;
        Assert.Equal(_folder["t"], options.Tables);
        Assert.Equal(_folder["i.csv"], options.Input.Items);
        Assert.Equal([_folder["conf/x/*.csv"], "/abs/y.csv"], options.Input.Logs);
        Assert.Equal(_folder["conf/m"], Assert.IsType<KnownTextBlock>(Assert.Single(options.Input.Blocks)).Model);
        Assert.Equal("s3://bucket/items", Load("conf/a.json", null).Options!.Input.Items);
    }

    [Fact]
    public void Table_of_a_catalog_keeps_its_name_unless_a_path_has_it()
    {
        Directory.CreateDirectory(_folder["conf"]);
        File.WriteAllText(_folder["conf/a.json"], """{ "tables": "db.tables", "input": { "items": "main.db.items" } }""");
        KnownOptions options = Load("conf/a.json", null).Options!;
        Assert.Equal(("main.db.items", _folder["conf/db.tables"]), (options.Input.Items, options.Tables));
        Directory.CreateDirectory(_folder["conf/main.db.items"]);
        Assert.Equal(_folder["conf/main.db.items"], Load("conf/a.json", null).Options!.Input.Items);
        Assert.Equal("main.db.items", Load("conf/a.json", null, "input.items=main.db.items").Options!.Input.Items);
    }

    [Fact]
    public void Problem_lines_show_no_credentials()
    {
        File.WriteAllText(_folder["a.json"], """{ "input": { "items": ["s3a://KEY:SECRET@bucket/items"] } }""");
        IReadOnlyList<string> problems = Load("a.json", null, "=s3a://KEY:SECRET@bucket").Problems;
        Assert.Equal(2, problems.Count);
        Assert.All(problems, line => Assert.Contains("s3a://***@bucket", line));
        Assert.All(problems, line => Assert.DoesNotContain("SECRET", line));
    }

    [Fact]
    public void Free_keys_may_be_nested_or_dotted()
    {
        KnownOptions options = Good(
            """{ "spark": { "sql.shuffle.partitions": 8, "executor": { "memory": "2g" } } }""",
            new() { ["ONEREC__SPARK__local.dir"] = "/x" },
            "spark.task.cpus=2");
        Assert.Equal(
            ["executor.memory=2g", "local.dir=/x", "sql.shuffle.partitions=8", "task.cpus=2"],
            options.Spark.Select(s => $"{s.Key}={s.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void All_problems_are_told_at_once_with_key_place_and_nearest_right_key()
    {
        const string File = """
            {
              "sed": 1,
              "swing": {
                "topk": 50,
                "alpha1": "much",
                "mode": "min",
                "codes": {},
                "exact": null,
              },
              "topK": 3,
              "input": {
                "logs": "one.csv",
                "item_fields": {},
                "where": 3,
                "items": "",
                "blocks": [{ "kind": "txt" }, { "kind": "text", "modle": "m" }],
              },
              "derived": 1,
            }
            """;
        Assert.Equal(
            [
                "sed is not an option; did you mean seed? [a.json line 2]",
                "swing.topk is not an option; did you mean swing.topK? [a.json line 4]",
                "swing.alpha1 must be a number (got \"much\") [a.json line 5]",
                "swing.mode must be one of none, max, kmeans++ (got \"min\") [a.json line 6]",
                "swing.codes must be a number or a list of numbers (got {}) [a.json line 7]",
                "swing.exact must be true or false (got null) [a.json line 8]",
                "topK is not an option; did you mean swing.topK? [a.json line 10]",
                "input.logs must be a list [...] (got \"one.csv\") [a.json line 12]",
                "input.item_fields is not an option; did you mean input.itemFields? [a.json line 13]",
                "input.where must be text (got 3) [a.json line 14]",
                "input.items must not be empty; use null for none [a.json line 15]",
                "input.blocks[0].kind must be one of text, tokens (got \"txt\") [a.json line 16]",
                "input.blocks[1].modle is not an option; did you mean input.blocks[1].model? [a.json line 16]",
                "input.blocks[1].model is missing [a.json line 16]",
                "derived is not an option; run 'onerec options' for a list of all options [a.json line 18]",
                "swing.topKK is not an option; did you mean ONEREC__SWING__TOPK? [environment ONEREC__SWING__topKK]",
                "threads must be a whole number of at most 2147483647 (got 3000000000) [environment ONEREC__THREADS]",
                "--set seed: use the form --set key=value, such as --set swing.topK=50",
                "seed.x is not an option; did you mean seed? [--set]",
                "swing.alpha1 must be a number (got \"1,5\") [--set]",
            ],
            Bad(
                File,
                new() { ["ONEREC__SWING__topKK"] = "1", ["ONEREC__THREADS"] = "3000000000" },
                "seed",
                "seed.x=1",
                "swing.alpha1=1,5"));
    }

    [Fact]
    public void Values_out_of_range_are_told_all_at_once_with_their_place() => Assert.Equal(
        ["swing.topK must be at least 1 (got 0) [a.json line 1]", "seed must not be negative (got -1) [--set]"],
        Bad("""{ "swing": { "topK": 0 } }""", null, "seed=-1"));

    [Fact]
    public void A_key_that_stands_twice_is_told_with_both_lines() => Assert.Equal(
        ["swing.topK occurs twice, in lines 2 and 4 [a.json]"],
        Bad("{\"swing\": {\n\"topK\": 1,\n\"exact\": true,\n\"topK\": 2}}"));

    [Theory]
    [InlineData("[1]", "a.json must contain one JSON object {...}")]
    [InlineData("{}\n{}", "a.json line 2: invalid JSON: '{' is invalid after a single JSON value. Expected end of data.")]
    [InlineData(
        "{\n\"seed\": 1x }",
        "a.json line 2: invalid JSON: 'x' is an invalid end of a number. Expected a delimiter.")]
    public void A_file_that_is_not_one_JSON_object_is_refused(string text, string problem) =>
        Assert.Equal([problem], Bad(text));

    [Fact]
    public void An_empty_file_is_refused() =>
        Assert.StartsWith("a.json line 1: invalid JSON: ", Assert.Single(Bad("")), StringComparison.Ordinal);

    [Fact]
    public void A_missing_file_is_named() => Assert.Equal(
        ["configuration file no/such.json does not exist"],
        Load("no/such.json", null).Problems);

    [Theory]
    [InlineData("2 GiB", 2L << 30)]
    [InlineData("1073741824", 1L << 30)]
    public void The_memory_limit_may_be_a_size_or_bytes(string text, long bytes)
    {
        OneRecOptions options = StepComposition.All.Load(new ConfigurationSources
        {
            WorkingDirectory = _folder.Path,
            Sets = [$"memoryLimit={text}"],
        }, new Problems())!;
        Assert.Equal(bytes, options.MemoryBytes());
    }

    [Theory]
    [InlineData("255 MiB")]
    [InlineData("lots")]
    [InlineData("")]
    public void A_memory_limit_that_is_none_is_refused(string text)
    {
        var problems = new Problems();
        Assert.Null(StepComposition.All.Load(
            new ConfigurationSources { WorkingDirectory = _folder.Path, Sets = [$"memoryLimit={text}"] }, problems));
        Assert.Equal(
            [$"memoryLimit must be at least 256 MiB, such as \"2 GiB\", \"512 MiB\" or bytes (got {text}) [--set]"],
            problems.Lines);
    }

    private KnownOptions Good(string? file, Dictionary<string, string>? environment = null, params string[] sets)
    {
        (KnownOptions? options, IReadOnlyList<string> problems) = Load(Write(file), environment, sets);
        Assert.Equal([], problems);
        return options!;
    }

    private IReadOnlyList<string> Bad(string? file, Dictionary<string, string>? environment = null, params string[] sets)
    {
        (KnownOptions? options, IReadOnlyList<string> problems) = Load(Write(file), environment, sets);
        Assert.Null(options);
        return problems;
    }

    private string? Write(string? text)
    {
        if (text is not null)
        {
            File.WriteAllText(_folder["a.json"], text);
        }

        return text is null ? null : "a.json";
    }

    private (KnownOptions? Options, IReadOnlyList<string> Problems) Load(
        string? file,
        Dictionary<string, string>? environment,
        params string[] sets)
    {
        var problems = new Problems();
        KnownOptions? options = ConfigurationLoader.Load<KnownOptions>(
            ConfigurationSchema.Of<KnownOptions>(),
            new ConfigurationSources
            {
                File = file,
                Environment = environment ?? [],
                Sets = sets,
                WorkingDirectory = _folder.Path,
            },
            (o, lines) => o.Validate(lines),
            problems);
        return (options, problems.Lines);
    }
}
