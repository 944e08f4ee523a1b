using System.Security.Cryptography;
using OneRec.Core;
using OneRec.Engine;
using OneRec.Engines.Tests.Desks;
using OneRec.Export;
using OneRec.Export.Formats;
using OneRec.Export.Ids;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Job;

/// <summary>An export made by Spark is, byte for byte, that of the local engine.</summary>
public abstract class ExportOnSparkTests(SparkDesk desk, params string[] formats) : IDisposable
{
    private readonly SampleCase _case = new();

    [Fact]
    public void Exports_and_rows_in_parts_are_those_of_the_local_engine()
    {
        OneRecOptions options = _case.First("local");
        JobOnBoth.RunLocally(options);
        using IEngine local = new LocalDesk().OpenShipped(options.Tables);
        using IEngine spark = desk.OpenShipped(options.Tables);
        foreach (IExportFormat format in ExportFormats.All.Where(f => formats.Length == 0 || formats.Contains(f.Name)))
        {
            // All ways of reading rows: by item with texts and without, by codes, and the first of twins.
            TwinPolicy twins = format.Name == "jsonl" ? TwinPolicy.First : format.Twins;
            (Dictionary<string, string> Files, string[] Told) expected = Export(local, options, format.Name, twins);
            Assert.True(expected.Files.Count > 1);
            Assert.Equivalent(expected, Export(spark, options, format.Name, twins), strict: true);
        }

        string[] rows = InParts(local);
        Assert.True(rows.Length > 1_000);
        Assert.Equal(rows, InParts(spark));
    }

    public void Dispose()
    {
        _case.Dispose();
        GC.SuppressFinalize(this);
    }

    private static string[] InParts(IEngine engine)
    {
        using var ids = ExportedIds.Open(
            engine, "current", TwinPolicy.Share, withDeleted: true, (_, _, _) => { }, CancellationToken.None, partRows: 250);
        return [.. ids.ByItem("items", withTexts: true).Concat(ids.ByCodes("IDs")).Select(i => $"{i.Id} {i.Sid} {i.Slot} {i.NearestCode} {i.Title} {i.Caption}")];
    }

    private (Dictionary<string, string> Files, string[] Told) Export(IEngine engine, OneRecOptions options, string format, TwinPolicy twins)
    {
        string folder = _case.PathOf("exported");
        IReadOnlyList<Fact> facts = ExportQuery.Run(
            engine, options, new ExportRequest(format, folder, "exported") { Twins = twins, Overwrite = true }, new QuietObserver(), TimeProvider.System, CancellationToken.None);
        return (
            Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .ToDictionary(f => Path.GetRelativePath(folder, f), f => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f)))),
            [.. facts.Where(f => f.Name != "seconds").Select(f => $"{f.Name} {f.Value}")]);
    }
}

[Collection(Spark35Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class ExportOnSpark35Tests(Spark35Desk desk) : ExportOnSparkTests(desk, "jsonl", "torcheasyrec", "grid");

[Collection(Spark40Desk.Name)]
[Trait(TestKind.Trait, TestKind.All)]
public sealed class ExportOnSpark40Tests(Spark40Desk desk) : ExportOnSparkTests(desk);
