using OneRec.Testing;

namespace OneRec.Cli.Tests.Job;

/// <summary>Bad input: one line with its cure, the exit code, and tables untouched.</summary>
public sealed class BadInputTests(SampleJob sample) : IClassFixture<SampleJob>
{
    [Fact]
    public void A_missing_file_is_named_with_its_key()
    {
        string missing = sample.PathOf("nowhere.csv");

        FailsBeforeAnyTable(3, $"error input.missing-file: input.items: there is no file or folder {missing}\n", $"input.items={missing}");
    }

    [Fact]
    public void A_missing_column_is_named_with_the_nearest_one()
    {
        FailsBeforeAnyTable(
            3,
            $"error input.missing-column: {sample.Data}/interactions.csv has no column 'usr_id'; did you mean 'user_id'? (set input.columns.user)\n",
            "input.columns.user=usr_id");
    }

    [Fact]
    public void An_unknown_key_is_told_with_the_nearest_one_before_any_work()
    {
        string tables = Fails(2, "error config.invalid: swing.topk is not an option; did you mean swing.topK? [--set]\n", "swing.topk=5");

        Assert.False(Directory.Exists(tables));
    }

    [Fact]
    public void An_empty_log_is_refused()
    {
        string empty = sample.PathOf("empty.csv");
        File.WriteAllText(empty, "user_id,item_id,event_time,watch_seconds,liked\n");

        FailsBeforeAnyTable(3, $"error input.empty: {empty} has no interactions\n", $"input.interactions={empty}");
    }

    [Fact]
    public void A_log_without_a_positive_interaction_is_refused_with_the_filter()
    {
        string bored = sample.PathOf("bored.csv");
        File.WriteAllText(bored, "user_id,item_id,event_time,watch_seconds,liked\n1,1,1767576573,2,0\n");

        Fails(
            3,
            $"error input.empty: {bored} has no interactions that pass input.where (watch_seconds >= 30 OR liked = 1)\n",
            $"input.interactions={bored}");
    }

    /// <remarks>A file-size limit stops writes as a full disk does. The runtime's own double mapping would meet it first.</remarks>
    [Theory]
    [InlineData(8)]
    [InlineData(100)]
    [InlineData(250)]
    public void A_file_that_the_system_does_not_let_grow_is_one_line_with_a_cure_in_every_step(int kilobytes)
    {
        string tables = sample.NewTables();
        (int exit, _, string error) = Desk.Capture(
            "/bin/bash",
            ["-c", $"trap '' XFSZ; ulimit -f {kilobytes}; exec \"$0\" \"$@\"", OneRecCommand.Path, .. sample.Run(tables)],
            TimeSpan.FromMinutes(5),
            environment: new Dictionary<string, string?> { ["DOTNET_EnableWriteXorExecute"] = "0" });
        Assert.True(exit == 5, $"exit {exit}: {error}");
        string line = error.TrimEnd('\n').Split('\n')[^1];
        Assert.StartsWith("error ", line, StringComparison.Ordinal);
        Assert.EndsWith("; raise the limit (ulimit -f) and run the command again", line, StringComparison.Ordinal);
        Assert.DoesNotContain("parquet22", error, StringComparison.Ordinal);

        // The cure: without the limit, the same command goes on from there.
        OneRecCommand.Succeed(sample.Run(tables));
    }

    [Fact]
    public void A_model_file_that_is_no_onnx_model_is_refused_by_name()
    {
        string model = sample.PathOf("model");
        Directory.CreateDirectory(model);
        File.WriteAllText(Path.Combine(model, "model-int8.onnx"), "not a model");
        File.WriteAllText(Path.Combine(model, "vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n");
        string manifest = Path.Combine(Desk.Root, "conf", "models", "all-minilm-l6-v2.json");

        Fails(
            5,
            $"error model.not-onnx: embed: {model}/model-int8.onnx is not an ONNX file; export the model to ONNX, or name another file in the manifest\n",
            $$"""embed.inputs=[{"block":"text","encoder":"{{model}}","manifest":"{{manifest}}","fields":["title"]}]""");
    }

    [Fact]
    public void More_codes_than_distinct_vectors_are_refused_with_a_number_that_fits()
    {
        const string Cure = "set train.codes=16 (at most 600; the more codes, the fewer items share one)\n";
        Fails(
            3,
            "error train.codes: train.codes requires 601 codes at level 0, but the 600 items have only 600 distinct embeddings; " + Cure,
            "train.codes=601");

        // 'check' knows it before the run, unless a published codebook is kept.
        string tables = sample.NewTables();
        (int exit, string output, string error) = OneRecCommand.Run(sample.Command("check", tables, "train.codes=601"));
        Assert.Equal(
            (3, "", "error train.codes: train.codes requires 601 codes at level 0, but the catalogue has only 600 items; " + Cure),
            (exit, output, error));
        OneRecCommand.Succeed(sample.Run(tables, "train.codes=16"));
        OneRecCommand.Succeed(sample.Command("check", tables, "train.codes=601"));
    }

    [Fact]
    public void Check_refuses_what_a_run_refuses_before_its_first_step()
    {
        string tables = sample.NewTables();
        foreach (string command in new[] { "check", "run" })
        {
            (int exit, _, string error) = OneRecCommand.Run(sample.Command(command, tables, "embed.inputs=[]"));
            Assert.Equal(2, exit);
            Assert.Contains("error embed.no-inputs: embed.inputs is empty; add at least one block", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_named()
    {
        string file = sample.PathOf("a-file");
        File.WriteAllText(file, "");
        string tables = Path.Combine(file, "tables");

        (int exit, string output, string error) = OneRecCommand.Run(sample.Run(tables));

        Assert.Equal((2, ""), (exit, output));
        Assert.Contains($"error tables.unwritable: tables folder {tables} cannot be written (", error, StringComparison.Ordinal);
        Assert.EndsWith("); set 'tables' to a folder you can write\n", error, StringComparison.Ordinal);
    }

    private void FailsBeforeAnyTable(int exit, string text, params string[] settings) =>
        Assert.DoesNotContain(
            Directory.GetDirectories(Fails(exit, text, settings)), d => Directory.Exists(Path.Combine(d, "_delta_log")));

    private string Fails(int exit, string text, params string[] settings)
    {
        string tables = sample.NewTables();
        (int code, string output, string error) = OneRecCommand.Run(sample.Run(tables, settings));
        Assert.True(code == exit, $"exit {code}: {error}");
        Assert.Equal("", output);
        Assert.Contains(text, error, StringComparison.Ordinal);
        Assert.Single(error.Split('\n'), l => l.StartsWith("error ", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        return tables;
    }
}
