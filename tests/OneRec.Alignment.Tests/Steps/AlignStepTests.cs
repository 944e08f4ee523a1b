using System.Text.Json.Nodes;
using OneRec.Alignment.Steps;
using OneRec.Core;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Steps.Evaluate;

namespace OneRec.Alignment.Tests.Steps;

public sealed class AlignStepTests : IDisposable
{
    private readonly AlignDesk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void A_whole_job_trains_a_model_embeds_with_it_and_keeps_it()
    {
        RunSummary first = _desk.RunAll();

        string model = Assert.Single(_desk.Models);
        Assert.Equal(_desk[$"models/{model}"], first.Steps.Single(s => s.Step == "align").Result);
        Assert.Equal(
            [240L, model, 32L],
            Assert.Single(_desk.Query("item_embeddings", "SELECT count(*) AS n, model_id, max(array_length(embedding)) AS d FROM item_embeddings GROUP BY model_id"))
                .Select(v => v is int d ? (long)d : v));
        Assert.Equal(model, Assert.Single(_desk.Query("published", "SELECT model_id FROM published"))[0]);

        RunSummary second = _desk.RunAll();
        Assert.Contains("is kept; set run.retrain=true", second.Steps.Single(s => s.Step == "align").LeftOut, StringComparison.Ordinal);
        Assert.All(second.Steps.Where(s => s.Step is "embed" or "assign" or "evaluate"), s => Assert.True(s.UpToDate, s.Step));
    }

    [Fact]
    public void Curves_are_in_quality_and_in_the_model_folder()
    {
        _desk.Run("ingest", "align");

        List<object?[]> rows = _desk.Query("quality", "SELECT metric, count(*) AS n, min(value) AS least FROM quality WHERE codebook_id IS NULL GROUP BY metric ORDER BY metric ASC NULLS FIRST");
        Assert.Equal(
            ["align.best_step", "align.caption_loss", "align.contrastive_loss", "align.pairs", "align.validation_hits", "align.validation_hits_pooled"],
            rows.Select(r => (string)r[0]!));
        JsonNode record = JsonNode.Parse(File.ReadAllText(_desk[$"models/{_desk.Models[0]}/training.json"]))!;
        JsonArray curve = record["curve"]!.AsArray();
        Assert.Equal((long)rows[2][1]!, curve.Count);
        Assert.Equal((double)rows[2][2]!, curve.Min(p => (double)p!["contrastive_loss"]!));
        Assert.True((double)curve[^1]!["contrastive_loss"]! < (double)curve[0]!["contrastive_loss"]!);
        Assert.True((double)curve[^1]!["caption_loss"]! < (double)curve[0]!["caption_loss"]!);
        Assert.Equal(8, record["neighbours"]!.AsArray().Count);
    }

    [Fact]
    public void Captions_of_items_that_training_left_out_are_in_the_curves()
    {
        _desk.Options = _desk.Options with { Sections = [new EvaluateOptions { Holdout = "users:0.1", ColdItems = 0.3 }] };
        _desk.Set(a => a with { Epochs = 4 });
        StepSummary step = _desk.Run("ingest", "align").Steps[1];

        JsonArray curve = JsonNode.Parse(File.ReadAllText(_desk[$"models/{_desk.Models[0]}/training.json"]))!["curve"]!.AsArray();
        double[] own = [.. curve.Select(p => (double)p!["caption_perplexity"]!)];
        double[] other = [.. curve.Select(p => (double)p!["caption_perplexity_other"]!)];
        Assert.Equal(
            own,
            _desk.Query("quality", "SELECT value FROM quality WHERE metric = 'align.caption_perplexity' ORDER BY iteration ASC NULLS FIRST").Select(r => (double)r[0]!));
        Assert.True(own[^1] < 0.8 * own[0], string.Join(' ', own));
        Assert.True(own[^1] < other[^1], $"{own[^1]} {other[^1]}");
        Assert.Contains(own, o => step.Facts.Single(f => f.Name == "unseen captions' perplexity").Value.StartsWith($"{o:F1} (", StringComparison.Ordinal));
    }

    [Fact]
    public void The_step_is_up_to_date_until_its_options_or_its_model_change()
    {
        _desk.Run("ingest", "align");
        Assert.True(_desk.Run("align").Steps[0].UpToDate);

        File.AppendAllText(_desk[$"models/{_desk.Models[0]}/model.onnx"], "x");
        Assert.False(_desk.Run("align").Steps[0].UpToDate);
        Assert.True(_desk.Run("align").Steps[0].UpToDate);

        _desk.Set(a => a with { Temperature = 0.1 });
        Assert.False(_desk.Run("align").Steps[0].UpToDate);
        Assert.Equal(2, _desk.Models.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void The_model_does_not_depend_on_threads(int threads)
    {
        _desk.Run("ingest", "align");
        string model = Assert.Single(_desk.Models);
        Directory.Delete(_desk.Options.Models, recursive: true);

        _desk.Options = _desk.Options with { Threads = threads };
        _desk.Run("align");

        // The id is a hash of the weights.
        Assert.Equal([model], _desk.Models);
    }

    [Fact]
    public void An_interrupted_training_continues_and_ends_with_the_same_model()
    {
        _desk.Run("ingest");
        using var stop = new CancellationTokenSource();
        _desk.Cancellation = stop.Token;
        _desk.OnStep = done =>
        {
            if (done == 30)
            {
                stop.Cancel();
            }
        };
        Assert.ThrowsAny<OperationCanceledException>(() => _desk.Run("align"));
        Assert.Empty(_desk.Models);
        Assert.Empty(Directory.GetFileSystemEntries(_desk.Options.Models));

        (_desk.Cancellation, _desk.OnStep) = (default, _ => { });
        _desk.Run("align");
        string resumed = Assert.Single(_desk.Models);
        Assert.Contains(_desk.Told, l => l.StartsWith("align: 29 of ", StringComparison.Ordinal) && l.EndsWith("continuing from there", StringComparison.Ordinal));
        string curve = Curve(resumed);

        Directory.Delete(_desk.Options.Models, recursive: true);
        _desk.Told.Clear();
        _desk.Run("align");
        Assert.DoesNotContain(_desk.Told, l => l.Contains("continuing", StringComparison.Ordinal));
        Assert.Equal([resumed], _desk.Models);
        Assert.Equal(curve, Curve(resumed));
    }

    [Theory]
    [InlineData(false, "is damaged; training from the start")]
    [InlineData(true, "is from other inputs or options; ignoring it")]
    public void A_checkpoint_that_does_not_fit_is_told_and_not_used(bool otherOptions, string told)
    {
        _desk.Run("ingest");
        _desk.OnStep = done => Fail(done == 30);
        Assert.Throws<IOException>(() => _desk.Run("align"));
        _desk.OnStep = _ => { };
        string saved = Directory.GetFiles(_desk["tables/.checkpoints"], "*", SearchOption.AllDirectories).Single();
        if (otherOptions)
        {
            _desk.Set(a => a with { LogQ = 0.5 });
        }
        else
        {
            byte[] bytes = File.ReadAllBytes(saved);
            bytes[bytes.Length / 2] ^= 1;
            File.WriteAllBytes(saved, bytes);
        }

        _desk.Run("align");
        Assert.Contains(_desk.Told, l => l.Contains(told, StringComparison.Ordinal));
        Assert.Single(_desk.Models);
    }

    [Fact]
    public void A_linear_map_is_a_model_too()
    {
        _desk.Set(a => a with { Form = "linear" });
        _desk.Run("ingest", "align", "embed");

        Assert.Equal(240L, Assert.Single(_desk.Query("item_embeddings", $"SELECT count(*) AS n FROM item_embeddings WHERE model_id = '{_desk.Models[0]}'"))[0]);
        Assert.Equal(16, (int)JsonNode.Parse(File.ReadAllText(_desk[$"models/{_desk.Models[0]}/manifest.json"]))!["dimensions"]!);
    }

    [Fact]
    public void A_model_can_be_named_and_one_of_other_blocks_is_refused()
    {
        _desk.Run("ingest", "align");
        string model = _desk.Models[0];
        Embed(e => e with { Model = model });
        _desk.Run("embed");

        Embed(e => e with { Inputs = [new TokensInput { Weight = 2 }] });
        OneRecException other = Assert.Throws<OneRecException>(() => _desk.Run("embed"));
        Assert.Equal("embed.aligned-blocks", other.Code);
        Embed(e => e with { Model = "aligned" });
        Assert.Contains("none of its 1 aligned models", Assert.Throws<OneRecException>(() => _desk.Run("embed")).Message, StringComparison.Ordinal);

        Embed(e => e with { Model = "0123456789abcdef" });
        OneRecException none = Assert.Throws<OneRecException>(() => _desk.Run("embed"));
        Assert.Equal(($"{_desk[$"models/0123456789abcdef"]}: there is no such aligned model; restore the folder, set models to where it is, or run 'onerec align'", ErrorKind.Table), (none.Message, none.Kind));
    }

    [Fact]
    public void Without_validation_the_pairs_are_those_of_the_table()
    {
        _desk.Set(a => a with { Validation = "none" });
        OneRecException missing = Assert.Throws<OneRecException>(() => _desk.Run("ingest", "align"));
        Assert.Equal("there is no table 'item_pairs' yet; run 'onerec pairs' first", missing.Message);

        RunSummary run = _desk.Run("swing", "pairs", "align");
        long pairs = (long)_desk.Query("item_pairs", "SELECT count(*) AS n FROM item_pairs")[0][0]!;
        Assert.Equal((double)pairs, Assert.Single(_desk.Query("quality", "SELECT value FROM quality WHERE metric = 'align.pairs'"))[0]);
        Assert.DoesNotContain(run.Steps[^1].Facts, f => f.Name.Contains("validation", StringComparison.Ordinal));

        _desk.Set(a => a with { MaxPairs = 100 });
        _desk.Run("align");
        Assert.Equal(100.0, _desk.Query("quality", "SELECT min(value) AS n FROM quality WHERE metric = 'align.pairs'")[0][0]);
    }

    [Fact]
    public void Held_out_users_and_cold_items_give_no_pairs()
    {
        _desk.Run("ingest", "align");
        double all = Pairs();
        _desk.Options = _desk.Options with { Sections = [new EvaluateOptions { Holdout = "users:0.2" }] };
        _desk.Run("align");
        double part = Pairs();
        _desk.Options = _desk.Options with { Sections = [new EvaluateOptions { Holdout = "users:0.2", ColdItems = 0.3 }] };
        _desk.Run("align");

        Assert.InRange(part, 0.4 * all, 0.95 * all);
        Assert.InRange(Pairs(), 0.3 * part, 0.65 * part);

        double Pairs() => (double)JsonNode.Parse(File.ReadAllText(Newest()))!["pairs"]!;
        string Newest() => new DirectoryInfo(_desk.Options.Models).GetFiles("training.json", SearchOption.AllDirectories).MaxBy(f => f.LastWriteTimeUtc)!.FullName;
    }

    [Fact]
    public void Items_without_text_train_without_captions()
    {
        File.WriteAllLines(
            _desk["data/items.csv"], ["item_id,title,caption,tags", .. Enumerable.Range(1, 240).Select(i => $"{i},,,")]);
        _desk.Run("ingest", "align");

        Assert.Contains(_desk.Told, l => l == "align: no item has a title, caption or tags; training without captions");
    }

    [Fact]
    public void A_log_of_strangers_leaves_no_pairs()
    {
        string[] lines = File.ReadAllLines(_desk["data/interactions.csv"]);
        File.WriteAllLines(_desk["data/interactions.csv"], [lines[0], .. lines.Skip(1).Select(l => string.Join(',', l.Split(',').Select((v, i) => i == 1 ? $"{int.Parse(v) + 100_000}" : v)))]);
        OneRecException e = Assert.Throws<OneRecException>(() => _desk.Run("ingest", "align"));

        Assert.Equal(("align.no-pairs", ErrorKind.Input), (e.Code, e.Kind));
        Assert.StartsWith("there are 0 pairs of items with token vectors to learn from; ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_models_folder_that_cannot_be_written_is_named()
    {
        File.WriteAllText(_desk["file"], "");
        _desk.Options = _desk.Options with { Models = _desk["file/models"] };
        Exception e = Assert.ThrowsAny<Exception>(() => _desk.Run("ingest", "align"));

        Assert.Contains(_desk["file"], e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_decoder_starts_from_LLaMA_weights_or_says_what_is_wrong_with_them()
    {
        string folder = _desk["llama"];
        Directory.CreateDirectory(folder);
        Weights(w => w with { Weights = folder, Tokenizer = "text" });
        Assert.Contains("config.json: cannot be read", Message(), StringComparison.Ordinal);

        var config = new JsonObject
        {
            ["model_type"] = "llama",
            ["vocab_size"] = 300,
            ["hidden_size"] = 16,
            ["num_hidden_layers"] = 1,
            ["num_attention_heads"] = 2,
            ["num_key_value_heads"] = 1,
            ["intermediate_size"] = 24,
            ["eos_token_id"] = 299,
            ["tie_word_embeddings"] = true,
        };
        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString());
        Assert.Contains("align.captions.tokenizer is text, but embed.inputs have no text block", Message(), StringComparison.Ordinal);
        config["rope_scaling"] = new JsonObject { ["factor"] = 8 };
        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString());
        Assert.Contains("rope_scaling is {\"factor\":8}, which the decoder has not", Message(), StringComparison.Ordinal);

        string Message()
        {
            OneRecException e = Assert.Throws<OneRecException>(() => _desk.Run("ingest", "align"));
            Assert.DoesNotContain('\n', e.Message);
            return e.Message;
        }

        void Weights(Func<CaptionOptions, CaptionOptions> change) => _desk.Set(a => a with { Captions = change(a.Captions) });
    }

    private string Curve(string model) => JsonNode.Parse(File.ReadAllText(_desk[$"models/{model}/training.json"]))!["curve"]!.ToJsonString();

    private void Embed(Func<EmbedOptions, EmbedOptions> change) =>
        _desk.Options = _desk.Options with { Sections = [change(_desk.Options.Section<EmbedOptions>())] };

    private static void Fail(bool fails)
    {
        if (fails)
        {
            throw new IOException("stopped by the test");
        }
    }
}
