using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
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
        ["OneRec.Csv"] = ["OneRec.Core", "OneRec.Kernels", "CsvHelper", .. Arrow],
        ["OneRec.Engine"] = ["OneRec.Core", "OneRec.Csv", "OneRec.Kernels", .. Arrow],
        ["OneRec.Parquet"] = ["OneRec.Core", "OneRec.Engine", "ParquetSharp", .. Arrow],
        ["OneRec.Engine.Local"] =
        [
            "OneRec.Core", "OneRec.Csv", "OneRec.Kernels", "OneRec.Delta", "OneRec.Engine", "OneRec.Parquet", "DuckDB.NET.Data", "DuckDB.NET.Bindings",
            "ParquetSharp", .. Arrow,
        ],
        ["OneRec.Engine.Spark"] = ["OneRec.Core", "OneRec.Csv", "OneRec.Kernels", "OneRec.Engine", "OneRec.Parquet", .. Arrow],
        ["OneRec.Inputs"] =
        [
            "OneRec.Core", "OneRec.Configuration", "OneRec.Csv", "OneRec.Kernels", "OneRec.Delta", "OneRec.Engine", "OneRec.Parquet",
            "OneRec.Scoring", "ParquetSharp", .. Arrow,
        ],
        ["OneRec.Sampling"] = ["OneRec.Core", "OneRec.Engine", "ParquetSharp", "System.Numerics.Tensors", .. Arrow],
        ["OneRec.Pipeline"] =
            ["OneRec.Core", "OneRec.Configuration", "OneRec.Kernels", "OneRec.Engine", "OneRec.Inputs", "OneRec.Scoring", .. Arrow],
        ["OneRec.Report"] =
            ["OneRec.Core", "OneRec.Configuration", "OneRec.Engine", "OneRec.Pipeline", "ScottPlot", "SkiaSharp", .. Arrow],
        ["onerec-worker"] = ["OneRec.Core", "OneRec.Csv", "OneRec.Kernels", "OneRec.Scoring", .. Arrow],
        ["onerec"] =
        [
            "OneRec.Core", "OneRec.Configuration", "OneRec.Csv", "OneRec.Kernels", "OneRec.Scoring", "OneRec.Engine", "OneRec.Engine.Local",
            "OneRec.Engine.Spark", "OneRec.Inputs", "OneRec.Pipeline", "OneRec.Report", "OneRec.Sampling", "NLog", "Spectre.Console",
            "Spectre.Console.Ansi", "System.CommandLine", .. Arrow,
        ],
    };

    public static TheoryData<string> Projects => [.. Directory.GetDirectories(Path.Combine(Desk.Root, "src")).Select(d => Path.GetFileName(d)!)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_reaches_only_what_the_architecture_allows(string project)
    {
        string assembly = project switch { "OneRec.Cli" => "onerec", "OneRec.Worker" => "onerec-worker", _ => project };
        string path = Directory
            .EnumerateFiles(Path.Combine(Desk.Root, "artifacts", "bin", project), assembly + ".dll", SearchOption.AllDirectories)
            .OrderByDescending(File.GetLastWriteTimeUtc)
            .First();
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

    private static bool IsOfTheFramework(string name) =>
        File.Exists(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, name + ".dll"));
}
