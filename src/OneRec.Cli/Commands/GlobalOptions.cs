using System.CommandLine;
using OneRec.Cli.Output;

namespace OneRec.Cli.Commands;

/// <summary>The options that every command takes.</summary>
internal sealed class GlobalOptions
{
    /// <summary><c>--conf</c>.</summary>
    public Option<string?> Conf { get; } = new("--conf")
    {
        HelpName = "FILE",
        Description = "JSON configuration; comments are allowed. Paths in it are relative to it.",
        Recursive = true,
    };

    /// <summary><c>--set</c>.</summary>
    public Option<string[]> Set { get; } = new("--set")
    {
        HelpName = "KEY=VALUE",
        Description = "One option, stronger than file and environment; may be given again. VALUE may be JSON.",
        Recursive = true,
        Arity = ArgumentArity.OneOrMore,
        DefaultValueFactory = _ => [],
    };

    /// <summary><c>--engine</c>.</summary>
    public Option<string> Engine { get; } = new("--engine")
    {
        HelpName = "local|spark",
        Description = "What runs the steps: this process (default), or Apache Spark 3.5 or 4.0 in SPARK_HOME (options spark.*). "
            + "lookup, sql and check read here on either.",
        Recursive = true,
        DefaultValueFactory = _ => "local",
    };

    /// <summary><c>--output</c>.</summary>
    public Option<string> Output { get; } = new("--output")
    {
        HelpName = "text|json|csv",
        Description = "How results are written to standard output (default text).",
        Recursive = true,
        DefaultValueFactory = _ => "text",
    };

    /// <summary><c>--verbose</c>.</summary>
    public Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "Debug logs, and the details of an error.",
        Recursive = true,
    };

    /// <summary><c>--help</c>.</summary>
    public Option<bool> Help { get; } = new("--help", "-h", "-?")
    {
        Description = "This page.",
        Recursive = true,
    };

    /// <summary>All, as help lists them.</summary>
    public IReadOnlyList<Option> All => [Conf, Set, Engine, Output, Verbose, Help];

    /// <summary>The global options, with the words that they take.</summary>
    public GlobalOptions()
    {
        OneOf(Engine, "local", "spark");
        OneOf(Output, "text", "json", "csv");
    }

    /// <summary>The format that a command line asks for.</summary>
    public OutputFormat Format(ParseResult parse) => parse.GetValue(Output) switch
    {
        "json" => OutputFormat.Json,
        "csv" => OutputFormat.Csv,
        _ => OutputFormat.Text,
    };

    private static void OneOf(Option<string> option, params string[] words) => option.Validators.Add(result =>
    {
        if (result.Tokens is [{ Value: var given }] && !words.Contains(given))
        {
            result.AddError($"{option.Name} must be one of {string.Join(", ", words)} (got '{given}')");
        }
    });
}
