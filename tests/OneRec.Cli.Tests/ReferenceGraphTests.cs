using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using OneRec.Core;
using OneRec.Testing;

namespace OneRec.Cli.Tests;

/// <summary>Each project reaches what docs/architecture.md ("Projects") allows it, as its built assembly says, and no more.</summary>
public sealed class ReferenceGraphTests
{
    private static readonly string[] Arrow = ["Apache.Arrow"];

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["OneRec.Core"] = [],
        ["OneRec.Configuration"] = ["OneRec.Core"],
        ["OneRec.Kernels"] = ["OneRec.Core", .. Arrow],
        ["OneRec.Delta"] = ["OneRec.Core", "ParquetSharp", .. Arrow],
        ["OneRec.Scoring"] =
            ["OneRec.Core", "OneRec.Kernels", "Microsoft.ML.OnnxRuntime", "Microsoft.ML.Tokenizers", "SkiaSharp", "System.Numerics.Tensors", .. Arrow],
        ["OneRec.Csv"] = ["OneRec.Core", "OneRec.Kernels", "CsvHelper", "ZstdSharp", .. Arrow],
        ["OneRec.Engine"] = ["OneRec.Core", "OneRec.Csv", "OneRec.Kernels", .. Arrow],
        ["OneRec.Parquet"] = ["OneRec.Core", "OneRec.Engine", "ParquetSharp", .. Arrow],
        ["OneRec.Engine.Local"] =
        [
            "OneRec.Core", "OneRec.Csv", "OneRec.Kernels", "OneRec.Delta", "OneRec.Engine", "OneRec.Parquet", "DuckDB.NET.Data", "DuckDB.NET.Bindings",
            "ParquetSharp", .. Arrow,
        ],
        ["OneRec.Engine.Spark"] = ["OneRec.Core", "OneRec.Csv", "OneRec.Kernels", "OneRec.Delta", "OneRec.Engine", "OneRec.Parquet", .. Arrow],
        ["OneRec.Inputs"] =
        [
            "OneRec.Core", "OneRec.Configuration", "OneRec.Csv", "OneRec.Kernels", "OneRec.Delta", "OneRec.Engine", "OneRec.Parquet",
            "OneRec.Scoring", "ParquetSharp", .. Arrow,
        ],
        ["OneRec.Sampling"] = ["OneRec.Core", "OneRec.Engine", "ParquetSharp", "System.Numerics.Tensors", .. Arrow],
        ["OneRec.Pipeline"] =
            ["OneRec.Core", "OneRec.Configuration", "OneRec.Csv", "OneRec.Kernels", "OneRec.Engine", "OneRec.Inputs", "OneRec.Scoring", "Google.OrTools", .. Arrow],
        ["OneRec.Report"] =
            ["OneRec.Core", "OneRec.Configuration", "OneRec.Engine", "OneRec.Pipeline", "ScottPlot", "SkiaSharp", .. Arrow],
        ["OneRec.Export"] = ["OneRec.Core", "OneRec.Configuration", "OneRec.Engine", "OneRec.Pipeline", "CsvHelper", "ParquetSharp", .. Arrow],
        ["OneRec.Alignment"] =
        [
            "OneRec.Core", "OneRec.Configuration", "OneRec.Kernels", "OneRec.Engine", "OneRec.Inputs", "OneRec.Pipeline", "OneRec.Scoring", "Google.Protobuf",
            "System.Numerics.Tensors", "TorchSharp", .. Arrow,
        ],
        ["onerec-worker"] = ["OneRec.Core", "OneRec.Csv", "OneRec.Kernels", "OneRec.Scoring", .. Arrow],
        ["onerec"] =
        [
            "OneRec.Core", "OneRec.Alignment", "OneRec.Configuration", "OneRec.Csv", "OneRec.Kernels", "OneRec.Scoring", "OneRec.Engine",
            "OneRec.Engine.Local", "OneRec.Engine.Spark", "OneRec.Export", "OneRec.Inputs", "OneRec.Pipeline", "OneRec.Report", "OneRec.Sampling", "NLog", "OpenTelemetry",
            "OpenTelemetry.Api", "OpenTelemetry.Exporter.OpenTelemetryProtocol", "Spectre.Console",
            "Spectre.Console.Ansi", "System.CommandLine", .. Arrow,
        ],
    };

    public static TheoryData<string> Projects => [.. Directory.GetDirectories(Path.Combine(Desk.Root, "src")).Select(d => Path.GetFileName(d)!)];

    /// <summary>Draws of a readonly field advance a copy: the same number for ever.</summary>
    [Fact]
    public void No_generator_is_kept_in_a_readonly_field()
    {
        FieldInfo[] fields =
        [
            .. Directory.GetDirectories(Path.Combine(Desk.Root, "src"))
                .SelectMany(d => Assembly.LoadFrom(PathOf(Path.GetFileName(d))).GetTypes())
                .SelectMany(t => t.GetFields(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                .Where(f => f.FieldType.FullName == typeof(SplitMix64).FullName),
        ];

        Assert.NotEmpty(fields);
        Assert.Empty(fields.Where(f => f.IsInitOnly));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_reaches_only_what_the_architecture_allows(string project)
    {
        string assembly = NameOf(project);
        string path = PathOf(project);
        using var file = new PEReader(File.OpenRead(path));
        MetadataReader metadata = file.GetMetadataReader();
        string[] reached =
        [
            .. metadata.AssemblyReferences
                .Select(r => metadata.GetString(metadata.GetAssemblyReference(r).Name))
                .Where(r => !IsOfTheFramework(r)),
        ];

        Assert.Empty(reached.Except(Allowed[assembly]));
    }

    /// <summary>A folder is read after those that it uses, so that nobody has to read two at once.</summary>
    [Theory]
    [MemberData(nameof(Projects))]
    public void No_two_namespaces_of_a_project_use_each_other(string project) =>
        Assert.Empty(NamespaceGraph.Cycles(Assembly.LoadFrom(PathOf(project))));

    [Theory]
    [InlineData("DuckDB", "OneRec.Engine.Local")]
    [InlineData("ScottPlot", "OneRec.Report")]
    [InlineData("TorchSharp", "OneRec.Alignment")]
    [InlineData("Microsoft.Spark", "OneRec.Engine.Spark")]
    public void A_package_is_named_in_one_project(string package, string project)
    {
        string src = Path.Combine(Desk.Root, "src");
        string[] named =
        [
            .. Directory.EnumerateFiles(src, "*", SearchOption.AllDirectories)
                .Where(f => f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith(".csproj", StringComparison.Ordinal))
                .Where(f => File.ReadAllText(f).Contains(package, StringComparison.Ordinal))
                .Select(f => Path.GetRelativePath(src, f).Split(Path.DirectorySeparatorChar)[0])
                .Distinct(),
        ];
        Assert.Equal([project], named);
    }

    private static string NameOf(string project) =>
        project switch { "OneRec.Cli" => "onerec", "OneRec.Worker" => "onerec-worker", _ => project };

    private static string PathOf(string project) => Directory
        .EnumerateFiles(Path.Combine(Desk.Root, "artifacts", "bin", project), NameOf(project) + ".dll", SearchOption.AllDirectories)
        .OrderByDescending(File.GetLastWriteTimeUtc)
        .First();

    private static bool IsOfTheFramework(string name) =>
        File.Exists(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, name + ".dll"));
}
