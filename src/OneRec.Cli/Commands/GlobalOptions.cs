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
        Description = "Sets one option; overrides the file and the environment. May be repeated. VALUE may be JSON.",
        Recursive = true,
        Arity = ArgumentArity.OneOrMore,
        DefaultValueFactory = _ => [],
    };

    /// <summary><c>--engine</c>.</summary>
    public Option<string> Engine { get; } = new("--engine")
    {
        HelpName = "local|spark",
        Description = "Where steps and export run: in this process (local, the default), or on Apache Spark 3.5 or 4.0 from SPARK_HOME "
            + "(options spark.*). lookup, explain, prefix, diff, describe, compare, sql, verify and check always run in this process.",
        Recursive = true,
        DefaultValueFactory = _ => "local",
    };

    /// <summary><c>--output</c>.</summary>
    public Option<string> Output { get; } = new("--output")
    {
        HelpName = "text|json|csv",
        Description = "Format of the results on standard output (default text).",
        Recursive = true,
        DefaultValueFactory = _ => "text",
    };

    /// <summary><c>--verbose</c>.</summary>
    public Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "Show debug logs and the full details of an error.",
        Recursive = true,
    };

    /// <summary><c>--help</c>.</summary>
    public Option<bool> Help { get; } = new("--help", "-h", "-?")
    {
        Description = "Show this page.",
        Recursive = true,
    };

    /// <summary>All, in the order in which help lists them.</summary>
    public IReadOnlyList<Option> All => [Conf, Set, Engine, Output, Verbose, Help];

    /// <summary>The global options, with the values they accept.</summary>
    public GlobalOptions()
    {
        AcceptOnly(Engine, "local", "spark");
        AcceptOnly(Output, "text", "json", "csv");
    }

    /// <summary>The output format of a command line.</summary>
    public OutputFormat Format(ParseResult parse) => parse.GetValue(Output) switch
    {
        "json" => OutputFormat.Json,
        "csv" => OutputFormat.Csv,
        _ => OutputFormat.Text,
    };

    private static void AcceptOnly(Option<string> option, params string[] words) => option.Validators.Add(result =>
    {
        if (result.Tokens is [{ Value: var given }] && !words.Contains(given))
        {
            result.AddError($"{option.Name} must be one of {string.Join(", ", words)} (got '{given}')");
        }
    });
}
