using System.Text.RegularExpressions;
using OneRec.Cli;
using OneRec.Cli.Output;

namespace OneRec.Engines.Tests.Cases;

/// <summary>Carries out a case: the program without its process, on an engine that the tests started.</summary>
/// <param name="case">The case.</param>
/// <param name="engine"><c>local</c> or <c>spark</c>.</param>
/// <param name="backend">What commands call.</param>
internal sealed class CaseRun(CaseFile @case, string engine, CommandBackend backend)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Carries out all steps and compares their outcomes.</summary>
    public void Require()
    {
        using var folder = new CaseFolder(@case);
        int number = 0;
        foreach (CaseStep step in @case.Steps)
        {
            number++;
            string what = $"{@case.Name}, step {number}";
            if (step.Run is { } run)
            {
                RequireCommand(folder, step, run, what);
            }
            else if (step.Sql is { } select)
            {
                (int exit, string output, string error) = Onerec(folder, "local", ["sql", select, "--output", "csv"]);
                Assert.True(exit == 0, $"{what}: {select}: {error}");
                Assert.Equal(step.Rows, output.TrimEnd().Split("\r\n")[1..]);
            }
            else
            {
                folder.Change(step);
            }
        }
    }

    private void RequireCommand(CaseFolder folder, CaseStep step, string run, string what)
    {
        IReadOnlyList<string> before = folder.Commits();
        (int exit, string output, string error) = Onerec(
            folder,
            step.Prepares ? "local" : engine,
            [.. run.Split(' ', StringSplitOptions.RemoveEmptyEntries), .. step.With.Select(folder.Expand)]);
        string all = $"{what}: {run}: exit {exit}\n{error}{output}";
        Assert.True(step.Exit == exit, all);
        string[] errors = [.. error.Split('\n').Where(l => l.StartsWith("error ", StringComparison.Ordinal)).Select(l => l["error ".Length..])];
        IReadOnlyList<string> expected = engine == "spark" && !step.Prepares ? step.ErrorsOnSpark ?? step.Errors : step.Errors;
        Assert.True(expected.Count == errors.Length && expected.Zip(errors).All(e => IsAs(folder.Expand(e.First), e.Second)), all);
        Assert.All(step.Notices.Select(folder.Expand), text => Assert.True(error.Contains(text, StringComparison.Ordinal), $"no '{text}': {all}"));
        Assert.All(step.Output.Select(folder.Expand), text => Assert.True(output.Contains(text, StringComparison.Ordinal), $"no '{text}': {all}"));
        if (exit != 0 && !step.Commits)
        {
            Assert.Equal(before, folder.Commits());
        }
    }

    // {any} stands for what differs from run to run.
    private static bool IsAs(string expected, string actual) =>
        Regex.IsMatch(actual, $@"\A{Regex.Escape(expected).Replace(@"\{any}", "[^ ]+", StringComparison.Ordinal)}\z", RegexOptions.CultureInvariant);

    private (int Exit, string Output, string Error) Onerec(CaseFolder folder, string on, IReadOnlyList<string> arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        using var late = new CancellationTokenSource(Limit);
        var app = new CommandApp(
            backend,
            new Terminal
            {
                In = TextReader.Null,
                Out = output,
                Error = new ErrorLines(error),
                WorkingDirectory = folder.Path,
            },
            TimeProvider.System,
            _ => { });
        bool configured = arguments[0] is "init" or "sample" or "model" || arguments.Contains("--conf");
        int exit = app.Run([.. arguments, .. configured ? [] : new[] { "--conf", "c.json" }, "--engine", on], late.Token);
        return (exit, output.ToString(), error.ToString());
    }
}
