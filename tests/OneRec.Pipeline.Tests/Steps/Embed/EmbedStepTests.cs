using OneRec.Core;
using OneRec.Inputs.Options;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Tests.Sampling;
using OneRec.Sampling;
using OneRec.Scoring.Models;
using OneRec.Scoring.Text;
using OneRec.Testing;
using OneRec.Testing.Onnx;

namespace OneRec.Pipeline.Tests.Steps.Embed;

public sealed class EmbedStepTests : IDisposable
{
    private readonly EmbedDesk _desk = new();

    [Fact]
    public void Only_new_and_changed_items_are_embedded()
    {
        EmbedItem[] items = [new(1, "red fox"), new(2, "green hill", "blue"), new(3, "crow"), new(4, "river", Deleted: true)];
        _desk.Catalogue(items);
        StepSummary first = _desk.Run();
        Assert.Equal((3, false), (first.Rows, first.UpToDate));
        List<EmbeddedItem> before = _desk.Embedded();
        Assert.Equal([1, 2, 3], before.Select(e => e.Id));
        Assert.True(_desk.Run().UpToDate);

        _desk.Catalogue(items[0], items[1] with { Caption = "river" }, items[2] with { Deleted = true }, new EmbedItem(5, "hill"));
        Assert.Equal(2, _desk.Run().Rows);
        List<EmbeddedItem> after = _desk.Embedded();
        Assert.Equal([1, 2, 2, 3, 5], after.Select(e => e.Id));
        Assert.All(before, b => Assert.Equal(b.Embedding, after.Single(a => a.Id == b.Id && a.Hash == b.Hash).Embedding));

        // An old caption comes back: its embedding is there.
        _desk.Catalogue(items[0], items[1], new EmbedItem(5, "hill"));
        long version = _desk.Newest().Version;
        StepSummary back = _desk.Run();
        Assert.Equal((0, false), (back.Rows, back.UpToDate));
        Assert.Equal(version, _desk.Newest().Version);
        Assert.True(_desk.Run().UpToDate);
    }

    [Fact]
    public void Embedding_that_another_program_deleted_is_made_again()
    {
        _desk.Catalogue(new EmbedItem(1, "red fox"), new EmbedItem(2, "green hill"), new EmbedItem(3, "crow"));
        _desk.Run();
        Assert.True(_desk.Run().UpToDate);
        List<EmbeddedItem> before = _desk.Embedded();
        OtherWriter.Rewrite(_desk["tables/item_embeddings"], rows => rows.Where(r => (long)r[0]! != 2));
        Assert.Equal([1, 3], _desk.Embedded().Select(e => e.Id));
        StepSummary again = _desk.Run();
        Assert.Equal((1, false), (again.Rows, again.UpToDate));
        Assert.Equal(["another program changed item_embeddings after version 0; looking at it again"], _desk.Messages);
        Assert.Equal(before.Select(e => (e.Id, e.Hash, string.Join(' ', e.Embedding))), _desk.Embedded().Select(e => (e.Id, e.Hash, string.Join(' ', e.Embedding))));
        Assert.True(_desk.Run().UpToDate);
        OtherWriter.Compact(_desk["tables/item_embeddings"]);
        Assert.True(_desk.Run().UpToDate);
    }

    [Fact]
    public void Two_embeddings_of_an_item_are_refused_until_they_are_deleted()
    {
        _desk.Catalogue(new EmbedItem(1, "red fox"), new EmbedItem(2, "green hill"));
        _desk.Run();
        List<EmbeddedItem> before = _desk.Embedded();
        OtherWriter.Rewrite(_desk["tables/item_embeddings"], rows => [.. rows, rows[1]]);
        var e = Assert.Throws<OneRecException>(() => _desk.Run());
        Assert.Equal(("embed.two-embeddings", ErrorKind.Table), (e.Code, e.Kind));
        Assert.StartsWith("item_embeddings: item 2 has 2 embeddings of its content from model ", e.Message, StringComparison.Ordinal);
        OtherWriter.Rewrite(_desk["tables/item_embeddings"], rows => rows.Where(r => (long)r[0]! != 2));
        Assert.Equal(1, _desk.Run().Rows);
        Assert.Equal(before.Select(b => (b.Id, b.Hash)), _desk.Embedded().Select(b => (b.Id, b.Hash)));
    }

    [Fact]
    public void An_embedding_is_the_models_vector_of_the_joined_fields_at_length_1()
    {
        _desk.Catalogue(new EmbedItem(1, "red fox", "river"));
        _desk.Run();
        using TextEncoder encoder = TextEncoder.Open(ModelFolder.Open(_desk.Model));
        var vector = new float[4];
        encoder.Encode(encoder.Tokenizer.Encode([new TextPart("red fox. river")], ". "), vector);
        double length = Math.Sqrt(vector.Sum(x => (double)x * x));
        EmbeddedItem row = Assert.Single(_desk.Embedded());
        Assert.Equal([.. vector.Select(x => (float)(x * (1 / length)))], row.Embedding);
        Assert.Equal(EmbedModel.PooledId(_desk.Options.Section<EmbedOptions>()), row.ModelId);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void A_killed_run_goes_on_where_it_was_and_gives_no_row_twice(int dieAtWrite)
    {
        string[] words = ["red", "green", "blue", "fox", "crow", "river", "hill"];
        EmbedItem[] items = [.. words.Select((w, i) => new EmbedItem(i + 1, w))];
        _desk.Catalogue(items);
        _desk.Options = _desk.Options with { Sections = [_desk.Options.Section<EmbedOptions>() with { CommitItems = 2 }] };
        Assert.Throws<OperationCanceledException>(() => _desk.Run(dieAtWrite));
        if (dieAtWrite > 1)
        {
            Assert.Equal(2 * (dieAtWrite - 1), _desk.Embedded().Count);
            Assert.False(_desk.Newest().Complete);
        }

        StepSummary resumed = _desk.Run();
        Assert.Equal(7 - (2 * (dieAtWrite - 1)), resumed.Rows);
        Assert.True(_desk.Newest().Complete);
        Assert.True(_desk.Run().UpToDate);

        using var undisturbed = new EmbedDesk();
        undisturbed.Catalogue(items);
        undisturbed.Run();
        Assert.Equal(undisturbed.Embedded().Select(Text), _desk.Embedded().Select(Text));
    }

    [Fact]
    public void A_model_that_changed_under_its_folder_has_another_id_and_embeds_all_anew()
    {
        _desk.Catalogue(new EmbedItem(1, "red"), new EmbedItem(2, "fox"));
        string first = ModelOf(_desk.Run());
        new TinyEncoder { Shift = 0.5f }.WriteTo(_desk.Model);
        StepSummary second = _desk.Run();
        Assert.Equal(2, second.Rows);
        Assert.NotEqual(first, ModelOf(second));
        Assert.Equal([first, ModelOf(second)], _desk.Embedded().Where(r => r.Id == 1).Select(r => r.ModelId).OrderBy(m => m != first));
    }

    [Fact]
    public void An_item_with_nothing_to_embed_is_named_and_what_came_before_it_stays()
    {
        _desk.Catalogue(new EmbedItem(1, "red"), new EmbedItem(2, "fox"), new EmbedItem(3, " "), new EmbedItem(4, null));
        _desk.Options = _desk.Options with { Sections = [_desk.Options.Section<EmbedOptions>() with { CommitItems = 2 }] };
        OneRecException e = Assert.Throws<OneRecException>(() => _desk.Run());
        Assert.Equal((ErrorKind.Input, "embed.item"), (e.Kind, e.Code));
        Assert.Equal(
            "item 3: nothing to embed: no text in title, caption (2 such items among 2); fix the item, exclude it with "
            + "input.deleted, or set input.badRows=quarantine",
            e.Message);
        Assert.Equal([1, 2], _desk.Embedded().Select(r => r.Id));

        _desk.Catalogue(new EmbedItem(1, "red"), new EmbedItem(2, "fox"), new EmbedItem(3, "hill"));
        Assert.Equal(1, _desk.Run().Rows);
    }

    [Fact]
    public void Token_blocks_are_the_mean_of_the_given_vectors()
    {
        SampleGenerator.Generate(_desk["sample"], new SampleOptions { Items = 50, Users = 1, Interactions = 1, Tokens = 3, Dimensions = 6 });
        _desk.Catalogue([.. Enumerable.Range(1, 50).Select(i => new EmbedItem(i, null))]);
        _desk.Options = _desk.Options with
        {
            Sections = [new EmbedOptions { Inputs = [new TokensInput()], Normalize = false, CommitItems = 20 }],
            Input = new InputOptions { Tokens = _desk["sample/tokens.parquet"] },
        };
        Assert.Equal(50, _desk.Run().Rows);
        var given = SampleTokensFile.Read(_desk["sample"]).ToDictionary(t => t.Id, t => t.Vectors);
        foreach (EmbeddedItem row in _desk.Embedded())
        {
            float[] vectors = given[row.Id];
            float[] mean = [.. Enumerable.Range(0, 6).Select(t => (float)(((double)vectors[t] + vectors[6 + t] + vectors[12 + t]) / 3))];
            Assert.Equal(mean, row.Embedding);
        }
    }

    [Fact]
    public void Ready_made_embeddings_of_a_delta_table_are_one_vector_an_item()
    {
        string table = Path.Combine(Desk.DeltaRsTables(), "embeddings");
        _desk.Catalogue(new EmbedItem(0, null), new EmbedItem(3, null));
        _desk.Options = _desk.Options with
        {
            Sections = [new EmbedOptions { Inputs = [new TokensInput()], Normalize = false }],
            Input = new InputOptions { Tokens = table },
        };
        Assert.Equal(2, _desk.Run().Rows);
        Assert.Equal([[0.5f, 0, 0], [3.5f, -3, 0.003f]], _desk.Embedded().Select(r => r.Embedding));
    }

    [Fact]
    public void A_missing_block_is_zeros_and_told()
    {
        SampleGenerator.Generate(_desk["sample"], new SampleOptions { Items = 3, Users = 1, Interactions = 1, Tokens = 2, Dimensions = 5 });
        _desk.Options = _desk.Options with
        {
            Sections = [_desk.Options.Section<EmbedOptions>() with { Inputs = [.. _desk.Options.Section<EmbedOptions>().Inputs, new TokensInput { Weight = 2 }] }],
            Input = new InputOptions { Tokens = _desk["sample/tokens.parquet"] },
        };
        _desk.Catalogue(new EmbedItem(2, "red"), new EmbedItem(3, null), new EmbedItem(77, "fox"));
        StepSummary summary = _desk.Run();
        Assert.Equal(
            [
                "1 of 3 items have no text in title, caption; that part of their embedding is zeros",
                "1 of 3 items have no token vectors; that part of their embedding is zeros",
            ],
            _desk.Messages);
        Assert.Contains(new Fact("without text in title, caption", "1"), summary.Facts);
        Assert.Contains(new Fact("without token vectors", "1"), summary.Facts);
        float[][] rows = [.. _desk.Embedded().Select(r => r.Embedding)];
        Assert.All(rows, r => Assert.Equal(9, r.Length));
        Assert.Equal([0, 0, 0, 0], rows[1][..4]);
        Assert.Equal([0, 0, 0, 0, 0], rows[2][4..]);
        Assert.Equal(2.0, Math.Sqrt(rows[0][4..].Sum(x => (double)x * x)), 1e-6);

        // New items without vectors: the table says how long the missing block is.
        _desk.Catalogue(new EmbedItem(2, "red"), new EmbedItem(78, "crow"));
        Assert.Equal(1, _desk.Run().Rows);
        Assert.Equal(9, _desk.Embedded().Single(r => r.Id == 78).Embedding.Length);
    }

    [Fact]
    public void Vectors_of_another_length_than_the_tables_are_told_by_item()
    {
        _desk.Options = _desk.Options with
        {
            Sections = [new EmbedOptions { Inputs = [new TokensInput()] }],
            Input = new InputOptions { Tokens = _desk["a/tokens.parquet"] },
        };
        SampleGenerator.Generate(_desk["a"], new SampleOptions { Items = 3, Users = 1, Interactions = 1, Tokens = 2, Dimensions = 5 });
        _desk.Catalogue(new EmbedItem(1, "a"));
        _desk.Run();
        SampleGenerator.Generate(_desk["a"], new SampleOptions { Items = 3, Users = 1, Interactions = 1, Tokens = 2, Dimensions = 6 });
        _desk.Catalogue(new EmbedItem(1, "a"), new EmbedItem(2, "b"));
        OneRecException e = Assert.Throws<OneRecException>(() => _desk.Run());
        Assert.Equal(
            "item 2: token vector 0 has 6 floats, not 5 floats; fix the item, exclude it with input.deleted, or set input.badRows=quarantine",
            e.Message);

        EmbedInput declared = new TokensInput { Dimensions = 6 };
        _desk.Options = _desk.Options with { Sections = [new EmbedOptions { Inputs = [declared] }] };
        e = Assert.Throws<OneRecException>(() => _desk.Run());
        Assert.Equal(ErrorKind.Table, e.Kind);
        Assert.StartsWith(
            $"item_embeddings holds vectors of 5 dimensions for model {EmbedModel.PooledId(_desk.Options.Section<EmbedOptions>())}, but embed.inputs give 6; ",
            e.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_asked_for_and_not_there_is_told()
    {
        _desk.Catalogue(new EmbedItem(1, "a"));
        AssertError(new EmbedOptions(), null, ErrorKind.Configuration, "embed.inputs is empty; add at least one block, such as "
            + "{\"block\":\"text\",\"encoder\":FOLDER,\"fields\":[\"title\"]}, {\"block\":\"image\",\"encoder\":FOLDER} or {\"block\":\"tokens\"}");
        var tokens = new EmbedOptions { Inputs = [new TokensInput()] };
        AssertError(tokens, null, ErrorKind.Configuration, "embed.inputs has a block of tokens; set input.tokens to the files with their vectors");
        AssertError(tokens, _desk["none"], ErrorKind.Input, $"input.tokens: there is no file or folder {_desk["none"]}");
        Directory.CreateDirectory(_desk["empty"]);
        AssertError(tokens, _desk["empty"], ErrorKind.Input, $"input.tokens: there is no .parquet file in folder {_desk["empty"]}");
        SampleGenerator.Generate(_desk["s"], new SampleOptions { Items = 3, Users = 1, Interactions = 1 });
        _desk.Catalogue(new EmbedItem(99, "a"));
        AssertError(
            tokens,
            _desk["s"],
            ErrorKind.Input,
            $"{_desk["s/tokens.parquet"]}: has no vectors for any of the 1 items to embed; check that item_id matches the catalogue");
        File.WriteAllText(Path.Combine(_desk.Model, "model.onnx"), "no model");
        AssertError(
            new EmbedOptions { Inputs = [new TextInput { Encoder = _desk.Model, Fields = ["title"] }] },
            null,
            ErrorKind.Engine,
            $"{_desk.Model}/model.onnx is not an ONNX file; export the model to ONNX, or name another file in the manifest");
    }

    [Fact]
    public void Another_model_than_the_published_codebooks_is_refused_unless_retraining()
    {
        _desk.Catalogue(new EmbedItem(1, "red"));
        string id = EmbedModel.PooledId(_desk.Options.Section<EmbedOptions>());
        _desk.Publish("c0de", id);
        Assert.Equal(1, _desk.Run().Rows);

        _desk.Options = _desk.Options with { Sections = [_desk.Options.Section<EmbedOptions>() with { Normalize = false }] };
        string other = EmbedModel.PooledId(_desk.Options.Section<EmbedOptions>());
        OneRecException e = Assert.Throws<OneRecException>(() => _desk.Run());
        Assert.Equal((ErrorKind.Configuration, "run.pinned"), (e.Kind, e.Code));
        Assert.Equal(
            $"embed.inputs and embed.model define model {other}, but the published codebook c0de uses model {id}; restore the old ones, or set "
            + "run.retrain=true to train a new codebook",
            e.Message);

        _desk.Options = _desk.Options with { Run = _desk.Options.Run with { Retrain = true } };
        Assert.Equal(1, _desk.Run().Rows);
        Assert.Equal([.. new[] { id, other }.Order(StringComparer.Ordinal)], _desk.Embedded().Select(r => r.ModelId));
    }

    // Embeddings made before tokenizers had versions: texts had lost their symbols.
    [Fact]
    public void Embeddings_of_another_tokenization_are_made_anew_and_the_summary_says_why()
    {
        _desk.Catalogue(new EmbedItem(1, "red"), new EmbedItem(2, "green"));
        EmbedOptions options = _desk.Options.Section<EmbedOptions>();
        (string first, string now) = (EmbedModel.FirstId(options), EmbedModel.PooledId(options));
        Assert.NotEqual(first, now);
        _desk.Run();
        _desk.EmbeddedBy(first);

        StepSummary summary = _desk.Run();
        Assert.Equal(2, summary.Rows);
        Assert.Equal(2, _desk.Embedded().Count(r => r.ModelId == now));
        Assert.Contains(new Fact("embedded anew", "tokenization of texts changed"), summary.Facts);
        Assert.Contains(
            "embeddings of all items are made anew: texts are now tokenized as the encoder expects, while symbols, emoji and some "
            + $"line breaks were lost in model {first}",
            _desk.Messages);

        _desk.Catalogue(new EmbedItem(1, "red"), new EmbedItem(2, "green"), new EmbedItem(3, "blue"));
        Assert.DoesNotContain(_desk.Run().Facts, f => f.Name == "embedded anew");
    }

    [Fact]
    public void A_codebook_of_another_tokenization_is_kept_until_retraining()
    {
        _desk.Catalogue(new EmbedItem(1, "red"));
        EmbedOptions options = _desk.Options.Section<EmbedOptions>();
        (string first, string now) = (EmbedModel.FirstId(options), EmbedModel.PooledId(options));
        _desk.Publish("c0de", first);
        OneRecException e = Assert.Throws<OneRecException>(() => _desk.Run());
        Assert.Equal((ErrorKind.Configuration, "run.pinned"), (e.Kind, e.Code));
        Assert.Equal(
            $"the published codebook c0de uses model {first}, of texts whose symbols were lost; this version of onerec tokenizes texts as the "
            + $"encoder expects, which is model {now}: set run.retrain=true to embed all items anew and train a new codebook",
            e.Message);

        _desk.Options = _desk.Options with { Run = _desk.Options.Run with { Retrain = true } };
        Assert.Equal(1, _desk.Run().Rows);
        Assert.Equal(now, Assert.Single(_desk.Embedded()).ModelId);
    }

    [Fact]
    public void Two_hundred_movies_embed_as_the_encoder_embeds_their_texts()
    {
        string movies = Path.Combine(Desk.MovieLens(), "movies.csv");
        string manifest = Path.Combine(Desk.Root, "conf", "models", "all-minilm-l6-v2.json");
        EmbedItem[] items = [.. File.ReadLines(movies).Skip(1).Where(l => !l.Contains('"', StringComparison.Ordinal)).Take(200)
            .Select(l => l.Split(',')).Select(f => new EmbedItem(long.Parse(f[0]), f[1], f[2].Replace("|", ", ", StringComparison.Ordinal)))];
        Assert.Equal(200, items.Length);
        _desk.Catalogue(items);
        _desk.Options = _desk.Options with
        {
            Sections = [new EmbedOptions
            {
                Inputs = [new TextInput { Encoder = Desk.MiniLm(), Manifest = manifest, Fields = ["title", "caption"] }],
                CommitItems = 90,
            }],
        };
        Assert.Equal(200, _desk.Run().Rows);
        var rows = _desk.Embedded().ToDictionary(r => r.Id, r => r.Embedding);
        Assert.Equal(200, rows.Count);

        using TextEncoder encoder = TextEncoder.Open(ModelFolder.Open(Desk.MiniLm(), manifest));
        var vector = new float[384];
        encoder.Encode(
            encoder.Tokenizer.Encode([new TextPart("Toy Story (1995). Adventure, Animation, Children, Comedy, Fantasy")], ". "), vector);
        Assert.Equal(vector.Length, rows[1].Length);
        Assert.All(vector.Zip(rows[1]), p => Assert.Equal(p.First, p.Second, 1e-6f));
    }

    public void Dispose() => _desk.Dispose();

    private static string Text(EmbeddedItem row) => $"{row.Id} {row.Hash} {row.ModelId} {string.Join(' ', row.Embedding)}";

    private void AssertError(EmbedOptions embed, string? tokens, ErrorKind kind, string message)
    {
        _desk.Options = _desk.Options with { Sections = [embed], Input = new InputOptions { Tokens = tokens } };
        OneRecException e = Assert.Throws<OneRecException>(() => _desk.Run());
        Assert.Equal((kind, message), (e.Kind, e.Message));
    }

    private static string ModelOf(StepSummary summary) => summary.Facts.Single(f => f.Name == "model").Value;
}
