using OneRec.Cli.Commands;
using OneRec.Configuration;
using OneRec.Testing;

namespace OneRec.Cli.Tests;

/// <summary>The generated parts of documentation and jobs: <c>scripts/docs</c> rewrites them.</summary>
public sealed class GeneratedPartsTests : IDisposable
{
    private const string Settings = "docs/configuration.md";

    private readonly ScratchFolder _checkout = new();
    private readonly Started _onerec = new();

    public static TheoryData<string> Files => [.. GeneratedParts.Files, Settings];

    public void Dispose() => _checkout.Dispose();

    [Theory]
    [MemberData(nameof(Files))]
    public void The_checkout_has_what_scripts_docs_writes(string file)
    {
        CopyCheckout();
        Assert.Equal(0, Docs());
        Assert.Equal(File.ReadAllText(Path.Combine(Desk.Root, file)), File.ReadAllText(_checkout[file]));
    }

    [Fact]
    public void Edits_between_markers_are_overwritten_and_the_rest_is_kept()
    {
        CopyCheckout();
        string register = File.ReadAllText(_checkout["jobs/register.sql"]);
        File.WriteAllText(
            _checkout["jobs/register.sql"],
            "-- kept\n" + register.Replace("CREATE TABLE IF NOT EXISTS quality ", "CREATE TABLE IF NOT EXISTS other ", StringComparison.Ordinal));
        File.Delete(_checkout[Settings]);

        Assert.Equal(0, Docs());

        Assert.Equal("-- kept\n" + register, File.ReadAllText(_checkout["jobs/register.sql"]));
        Assert.Equal(
            OptionsMarkdown.Write(OptionsReference.Read(StepComposition.All.Schema)), File.ReadAllText(_checkout[Settings]));
        Assert.Contains("jobs/register.sql      written\n", _onerec.Out, StringComparison.Ordinal);
        Assert.Contains("README.md              up to date\n", _onerec.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_step_command_and_table_is_listed()
    {
        string readme = File.ReadAllText(Path.Combine(Desk.Root, "README.md"));
        string jobs = File.ReadAllText(Path.Combine(Desk.Root, "jobs/README.md"));
        string airflow = File.ReadAllText(Path.Combine(Desk.Root, "jobs/airflow_dag.py"));
        string register = File.ReadAllText(Path.Combine(Desk.Root, "jobs/register.sql"));
        Assert.All(StepComposition.All.RunOrder, step =>
        {
            Assert.Contains($"| `{step}` | ", readme, StringComparison.Ordinal);
            Assert.Contains($"jobs/spark-step {step} ", jobs, StringComparison.Ordinal);
            Assert.Contains($"\"{step}\"", airflow, StringComparison.Ordinal);
        });
        Assert.All(
            StepComposition.All.Tables,
            table => Assert.Contains($"EXISTS {table} USING delta LOCATION '${{tables}}/{table}';\n", register, StringComparison.Ordinal));
        Assert.DoesNotContain("| `docs` |", readme, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_its_markers_is_refused_by_name()
    {
        CopyCheckout();
        File.WriteAllText(_checkout["jobs/airflow_dag.py"], "STEPS = []\n# generated: steps\n");

        Assert.Equal(2, Docs());

        Assert.Contains(
            "error docs.marker: jobs/airflow_dag.py has no line '# generated: steps' followed by a line '# end'",
            _onerec.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Another_folder_is_refused()
    {
        Assert.Equal(2, Docs());
        Assert.Contains("error docs.missing: ", _onerec.Error, StringComparison.Ordinal);
    }

    private int Docs() => _onerec.Run("docs", "--root", _checkout.Path);

    private void CopyCheckout()
    {
        foreach (string file in GeneratedParts.Files.Append(Settings))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_checkout[file])!);
            File.Copy(Path.Combine(Desk.Root, file), _checkout[file]);
        }
    }
}
