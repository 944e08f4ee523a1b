using System.CommandLine;
using OneRec.Cli.Output;
using OneRec.Configuration;
using OneRec.Core;

namespace OneRec.Cli.Commands;

/// <summary>
/// Rewrites the generated parts of a checkout's documentation and jobs (<see cref="GeneratedParts"/>) and
/// docs/configuration.md. Hidden; called by scripts/docs.
/// </summary>
internal sealed class DocsCommand : CliCommand
{
    private readonly Option<string> _root;
    private readonly IReadOnlyList<CommandGuide> _guides;

    private DocsCommand(CommandGuide guide, Option<string> root, IReadOnlyList<CommandGuide> guides)
        : base(guide, root) => (_root, _guides) = (root, guides);

    /// <summary>The command.</summary>
    /// <param name="guides">The help of all commands that the documentation lists.</param>
    public static DocsCommand Create(IReadOnlyList<CommandGuide> guides) => new(
        new CommandGuide("docs", "rewrite the generated parts of a checkout")
        {
            Hidden = true,
            Usage = "--root FOLDER [options]",
            About =
            [
                $"Rewrites {string.Join(", ", GeneratedParts.Files)} between their markers, and docs/configuration.md, from the "
                + "descriptions of steps, commands and options.",
            ],
            Writes = "the files in FOLDER",
            Examples = [("onerec docs --root .", "Update the checkout in the working directory, as scripts/docs does.")],
        },
        new Option<string>("--root") { HelpName = "FOLDER", Description = "The root of the checkout.", Required = true },
        guides);

    /// <inheritdoc/>
    /// <exception cref="OneRecException">A file or one of its markers is missing (exit 2).</exception>
    public override int Execute(Invocation invocation)
    {
        string root = Path.GetFullPath(invocation.Parse.GetRequiredValue(_root), invocation.Terminal.WorkingDirectory);
        var written = new List<Fact>();
        foreach (string file in GeneratedParts.Files)
        {
            string path = Path.Combine(root, file);
            if (!File.Exists(path))
            {
                throw OneRecException.Configuration(
                    "docs.missing", $"{path} does not exist; --root must be the root of a OneRec.Spark checkout");
            }

            Write(file, path, GeneratedParts.Update(file, File.ReadAllText(path), invocation.Backend.Steps, _guides));
        }

        const string Settings = "docs/configuration.md";
        Write(Settings, Path.Combine(root, Settings), OptionsMarkdown.Write(OptionsReference.Read(invocation.Backend.Steps.Schema)));
        FactsWriter.Write(written, invocation.Format, invocation.Terminal.Out);
        return 0;

        void Write(string file, string path, string text)
        {
            bool isCurrent = File.Exists(path) && File.ReadAllText(path) == text;
            if (!isCurrent)
            {
                File.WriteAllText(path, text);
            }

            written.Add(new Fact(file, isCurrent ? "up to date" : "written"));
        }
    }
}
