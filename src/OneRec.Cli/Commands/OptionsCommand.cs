using System.CommandLine;
using System.Text.Json.Nodes;
using OneRec.Cli.Output;
using OneRec.Configuration;
using OneRec.Core;

namespace OneRec.Cli.Commands;

/// <summary>Lists all options with their defaults; <c>--markdown</c> prints them as docs/configuration.md.</summary>
internal sealed class OptionsCommand : CliCommand
{
    private readonly Option<bool> _markdown;

    private OptionsCommand(CommandGuide guide, Option<bool> markdown)
        : base(guide, markdown) => _markdown = markdown;

    /// <summary>The command.</summary>
    public static OptionsCommand Create() => new(
        new CommandGuide("options", "list all options of the configuration with their defaults")
        {
            About = ["Lists every key of the configuration with its default, range and effect. docs/configuration.md has the same list."],
            Examples = [("onerec options", "List all options.")],
        },
        new Option<bool>("--markdown") { Description = "Print the list as docs/configuration.md.", Hidden = true });

    /// <inheritdoc/>
    public override int Execute(Invocation invocation)
    {
        TextWriter writer = invocation.Terminal.Out;
        if (invocation.Parse.GetValue(_markdown))
        {
            writer.Write(OptionsMarkdown.Write(OptionsReference.Read(invocation.Backend.Steps.Schema)));
            return 0;
        }

        IEnumerable<OptionEntry> options = OptionsReference.Read(invocation.Backend.Steps.Schema).Where(o => !o.IsSection);
        switch (invocation.Format)
        {
            case OutputFormat.Json:
                FactsWriter.Write([.. options.Select(o => new Fact(o.Key, o.Default) { Json = o.Default == OptionEntry.Required ? null : JsonNode.Parse(o.Default) })], OutputFormat.Json, writer);
                break;
            case OutputFormat.Csv:
                CsvWriter.WriteLine(writer, ["key", "default", "type", "summary", "value"]);
                foreach (OptionEntry option in options)
                {
                    CsvWriter.WriteLine(writer, [option.Key, option.Default, option.Type, option.Summary, option.Value]);
                }

                break;
            default:
                foreach (OptionEntry option in options)
                {
                    writer.WriteLine($"{option.Key} = {option.Default}");
                    writer.WriteLine($"    {option.Summary} {option.Value}".TrimEnd());
                }

                break;
        }

        return 0;
    }
}
