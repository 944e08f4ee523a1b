using System.CommandLine;
using OneRec.Cli.Output;
using OneRec.Core;

namespace OneRec.Cli.Commands;

/// <summary>Runs one item through a model folder.</summary>
internal sealed class ModelCheckCommand : CliCommand
{
    private readonly Argument<string> _folder;
    private readonly Option<string?> _manifest;
    private readonly Option<string> _text;
    private readonly Option<string?> _image;

    private ModelCheckCommand(
        CommandGuide guide, Argument<string> folder, Option<string?> manifest, Option<string> text, Option<string?> image)
        : base(guide, folder, manifest, text, image) => (_folder, _manifest, _text, _image) = (folder, manifest, text, image);

    /// <summary>The command.</summary>
    public static ModelCheckCommand Create() => new(
        new CommandGuide("model check", "run one item through a model folder")
        {
            Usage = "FOLDER [--manifest FILE] [--text TEXT] [--image FILE] [options]",
            About =
            [
                "Loads a model folder as embed does and runs one text or image, or made-up token vectors, through it. Shows the token "
                + "ids, the length and norm of the vector, the time per call, which rows can be scored in one batch and, with embed.device=cuda, "
                + "where the operators run. A problem with the folder is reported in one line: a file that is missing or is not "
                + "ONNX, inputs or outputs with an unexpected name or shape, an opset that is too new, an invalid vocabulary.",
                "A model folder holds an ONNX file, tokenizer files for texts, and a manifest.json that names them. "
                + "docs/method/embeddings.md lists the keys of the manifest; conf/models has two examples.",
            ],
            Reads = "the model folder",
            Examples =
            [
                ("onerec model check models/minilm --manifest conf/models/all-minilm-l6-v2.json", "Try a text model with a manifest from another folder."),
                ("onerec model check models/clip --image cover.jpg", "Try an image model on your own image."),
                ("onerec model check models/minilm --set embed.device=cuda", "Check whether it runs on the GPU."),
            ],
        },
        new Argument<string>("FOLDER") { Description = "The model folder." },
        new Option<string?>("--manifest") { HelpName = "FILE", Description = "The manifest (default manifest.json in the folder)." },
        new Option<string>("--text")
        {
            HelpName = "TEXT",
            Description = "The text to try (default \"Toy Story (1995). Adventure, Animation\").",
            DefaultValueFactory = _ => "Toy Story (1995). Adventure, Animation",
        },
        new Option<string?>("--image") { HelpName = "FILE", Description = "The image to try (default: a generated image of two colours)." });

    /// <inheritdoc/>
    public override int Execute(Invocation invocation)
    {
        string here = invocation.Terminal.WorkingDirectory;
        string? Full(string? path) => path is null ? null : Path.GetFullPath(path, here);
        IReadOnlyList<Fact> facts = invocation.Backend.CheckModel(
            invocation.Open(),
            Full(invocation.Parse.GetRequiredValue(_folder))!,
            Full(invocation.Parse.GetValue(_manifest)),
            invocation.Parse.GetRequiredValue(_text),
            Full(invocation.Parse.GetValue(_image)));
        FactsWriter.Write(facts, invocation.Format, invocation.Terminal.Out);
        return 0;
    }
}
