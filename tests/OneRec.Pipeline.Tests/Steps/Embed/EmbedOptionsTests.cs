using OneRec.Core;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Testing;
using OneRec.Testing.Onnx;

namespace OneRec.Pipeline.Tests.Steps.Embed;

public sealed class EmbedOptionsTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    [Fact]
    public void Every_bad_option_is_told_with_its_key()
    {
        var options = new EmbedOptions
        {
            Inputs =
            [
                new TextInput { Encoder = " ", Fields = ["title", "genre", "asr:0", "title:5"], Weight = 0 },
                new TextInput { Encoder = "m", Fields = [] },
                new TokensInput { Dimensions = 0 },
                new TokensInput { Weight = double.NaN },
                new ImageInput { Encoder = "", Images = 0 },
                new ImageInput { Encoder = "m" },
            ],
            Pool = "max",
            Model = "newest",
            Device = "gpu",
            CudaDevice = -1,
            CudaMemory = "1 MiB",
            Batch = 0,
            Threads = 2_000,
            CommitItems = 0,
        };
        var problems = new Problems();
        options.Validate(problems);
        const string fields = "must be one of title, caption, tags, asr, ocr, optionally with a token limit of 1 to 100000, such as asr:128";
        Assert.Equal(
            [
                "embed.inputs[0].weight must be above 0 and at most 1000 (got 0)",
                "embed.inputs[0].encoder must name a model folder (got  )",
                $"embed.inputs[0].fields[1] {fields} (got genre)",
                $"embed.inputs[0].fields[2] {fields} (got asr:0)",
                "embed.inputs[0].fields[3] must not repeat a column (got title:5)",
                "embed.inputs[1].fields must name at least one column (got [])",
                "embed.inputs[2].dimensions must be 1 to 65536 (got 0)",
                "embed.inputs[3].weight must be above 0 and at most 1000 (got NaN)",
                "embed.inputs[4].encoder must name a model folder (got )",
                "embed.inputs[4].images must be 1 to 1000 (got 0)",
                "embed.inputs must hold at most one block of tokens (got 2 blocks)",
                "embed.inputs must hold at most one block of images (got 2 blocks)",
                "embed.pool must be mean (got max)",
                "embed.model must be pool, aligned or a model id of 16 hex digits (got newest)",
                "embed.device must be cpu or cuda (got gpu)",
                "embed.cudaDevice must be 0 to 1023 (got -1)",
                "embed.cudaMemory must be at least 64 MiB, such as \"8 GiB\" or bytes (got 1 MiB)",
                "embed.batch must be 1 to 65536 (got 0)",
                "embed.threads must be 1 to 1024 (got 2000)",
                "embed.commitItems must be 1 to 10000000 (got 0)",
            ],
            problems.Lines);
    }

    [Fact]
    public void Model_id_is_of_what_changes_rows_and_of_nothing_else()
    {
        string a = new TinyEncoder().WriteTo(_scratch["a"]);
        string b = new TinyEncoder().WriteTo(_scratch["b"]);
        var text = new TextInput { Encoder = a, Fields = ["title"] };
        string id = Id(text);
        Assert.Matches("^[0-9a-f]{16}$", id);
        Assert.Equal(id, Id(text with { Encoder = b }));
        Assert.Equal(id, Id(text with { Manifest = Path.Combine(b, "manifest.json") }));
        Assert.Equal(id, EmbedModel.PooledId(new EmbedOptions { Inputs = [text], Batch = 7, Threads = 3, CommitItems = 5 }));

        string shifted = new TinyEncoder { Shift = 1 }.WriteTo(_scratch["c"]);
        string[] others =
        [
            Id(text with { Encoder = shifted }),
            Id(text with { Fields = ["caption"] }),
            Id(text with { Fields = ["title:3"] }),
            Id(text with { Separator = " " }),
            Id(text with { Weight = 2 }),
            Id(text, new TokensInput()),
            Id(new TokensInput(), text),
            Id(new TokensInput()),
            EmbedModel.PooledId(new EmbedOptions { Inputs = [text], Normalize = false }),
        ];
        Assert.Equal(others.Length + 1, others.Append(id).Distinct().Count());

        // The same folder with another model in it is another model.
        new TinyEncoder { Shift = 1, Dimensions = 5 }.WriteTo(a);
        Assert.NotEqual(id, Id(text));
    }

    public void Dispose() => _scratch.Dispose();

    private static string Id(params EmbedInput[] inputs) => EmbedModel.PooledId(new EmbedOptions { Inputs = inputs });
}
