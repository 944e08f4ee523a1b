using OneRec.Testing;

namespace OneRec.Cli.Tests.Job;

/// <summary>A small generated catalogue and log, made once, and jobs on it in tables folders of their own.</summary>
public sealed class SampleJob : IDisposable
{
    private readonly ScratchFolder _folder = new();

    /// <summary>Generates the sample.</summary>
    public SampleJob() => OneRecCommand.Succeed(
        "sample", "--out", Data, "--items", "600", "--users", "200", "--interactions", "8000", "--tokens", "4x16", "--seed", "3");

    /// <summary>Where the sample is.</summary>
    public string Data => _folder["data"];

    /// <summary>A new tables folder.</summary>
    public string NewTables() => _folder[$"tables-{Guid.NewGuid():N}"];

    /// <summary>A path beside the sample.</summary>
    public string PathOf(string name) => _folder[name];

    /// <summary>Arguments of <c>run</c> on the sample.</summary>
    /// <param name="tables">The tables folder.</param>
    /// <param name="more">Further <c>key=value</c> settings.</param>
    public IReadOnlyList<string> Run(string tables, params string[] more) => Command("run", tables, more);

    /// <summary>Arguments of a command on the sample's tables.</summary>
    public IReadOnlyList<string> Command(string command, string tables, params string[] more) =>
    [
        command,
        "--conf", Path.Combine(Desk.Root, "conf", "sample.json"),
        .. new[]
        {
            $"tables={tables}",
            $"models={tables}.models",
            "embed.model=pool",
            $"report.path={tables}/report.html",
            $"input.items={Data}/items.csv",
            $"input.interactions={Data}/interactions.csv",
            $"input.tokens={Data}/tokens.parquet",
            "train.codes=16",
        }.Concat(more).SelectMany(s => new[] { "--set", s }),
    ];

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
