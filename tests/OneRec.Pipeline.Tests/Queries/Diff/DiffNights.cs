using System.Globalization;
using OneRec.Cli;
using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Queries.Describe;
using OneRec.Pipeline.Queries.Diff;
using OneRec.Pipeline.Steps.Train;
using OneRec.Pipeline.Tests.Queries.Describe;

namespace OneRec.Pipeline.Tests.Queries.Diff;

/// <summary>
/// Nights of the small job: a first codebook is published at 02:00 (version 0 of semantic_ids); at 03:00 three items are deleted, two are
/// new (version 1); then a second codebook gets IDs (version 2) and is published at 06:00; then items change again (3), and at last a codebook of
/// three levels gets IDs.
/// </summary>
public sealed class DiffNights : IDisposable
{
    private readonly DescribeDesk _desk = new();

    public DiffNights()
    {
        _desk.Run("night-1");
        First = Newest();
        _desk.Items.RemoveRange(3, 3);
        Add("31", [3, 1, 0.5f]);
        Add("32", [0, 2, 0.25f]);
        _desk.Run("night-2", "ingest", "embed", "assign");
        OneRecOptions own = _desk.Options;
        _desk.Options = Training(own, new TrainOptions { Levels = 2, Codes = [4], Epochs = 2, Refine = 1 });
        _desk.Run("night-3", "train");
        _desk.Run("night-3", "assign");
        _desk.Run("night-3", "publish");
        Second = Newest();
        _desk.Options = own;
        _desk.Items.RemoveAt(0);
        Add("33", [1, 1, 0.75f]);
        _desk.Run("night-4", "ingest", "embed", "assign");
        _desk.Options = Training(own, new TrainOptions { Levels = 3, Codes = [4, 2, 2], Epochs = 2, Refine = 1 });
        _desk.Run("night-5", "train");
        _desk.Run("night-5", "assign");
        Three = Newest();
        _desk.Options = own;
        Deleted = new(() => [.. _desk.Query("items", "SELECT item_id FROM items WHERE deleted_at IS NOT NULL").Select(r => (long)r[0]!)]);
    }

    internal sealed record Id(string Sid, int Slot, string Hash)
    {
        public int Levels => Sid.Split('-').Length;

        public string Prefix(int codes) => string.Join('-', Sid.Split('-').Take(codes));
    }

    internal string First { get; }

    internal string Second { get; }

    internal string Three { get; }

    /// <summary>Items that the catalogue has as deleted.</summary>
    internal Lazy<HashSet<long>> Deleted { get; }

    public void Dispose() => _desk.Dispose();

    /// <summary>A side with the ids of the codebooks of these nights.</summary>
    internal string? Named(string? side) => side?
        .Replace("FIRST", First, StringComparison.Ordinal).Replace("SECOND", Second, StringComparison.Ordinal).Replace("LEVELS", Three, StringComparison.Ordinal);

    /// <summary>The IDs of a side, read from the table by a query of its own.</summary>
    internal Dictionary<long, Id> Ids(string side) => side switch
    {
        "previous" or "FIRST" => Ids(First, null),
        "current" or "SECOND" => Ids(Second, null),
        "LEVELS" or "newest" => Ids(Three, null),
        "FIRST@2024-05-06T02:30:00Z" or "current@2024-05-06T02:30:00Z" => Ids(First, 0),
        "@2024-05-06T05:30:00+02:00" => Ids(First, 1),
        _ => throw new ArgumentException(side, nameof(side)),
    };

    internal Lineage Diff(string? from, string? to, string? prefix = null) => Run(_desk, from, to, prefix);

    internal List<object?[]> Items(string? from, string? to, string? prefix)
    {
        using IEngine engine = EngineFactory.Create("local", _desk.Options, TimeProvider.System, CancellationToken.None, EngineAccess.Read);
        return RowReader.Read(DiffQuery.Items(engine, new DiffRequest(from, to, prefix, 10), CancellationToken.None).Batches);
    }

    internal static Lineage Run(DescribeDesk desk, string? from, string? to, string? prefix = null)
    {
        using IEngine engine = EngineFactory.Create("local", desk.Options, TimeProvider.System, CancellationToken.None, EngineAccess.Read);
        return DiffQuery.Run(engine, new DiffRequest(from, to, prefix, 1000), CancellationToken.None);
    }

    private static OneRecOptions Training(OneRecOptions own, TrainOptions train) =>
        own with { Codebook = "newest", Sections = [.. own.Sections.Where(s => s is not TrainOptions), train] };

    private void Add(string id, float[] vector) => _desk.Items.Add(new DeskItem(id, string.Create(CultureInfo.InvariantCulture, $"映画 {id}"), vector));

    private string Newest() => _desk.With(engine => engine.Tables.NewestCommit("codebooks", "train")!.Note.Result!);

    private Dictionary<long, Id> Ids(string codebook, long? version) => _desk.With(engine => RowReader
        .Read(engine.Collect(engine.ReadTable("semantic_ids", version)))
        .Where(r => (string)r[11]! == codebook && r[9] is null)
        .ToDictionary(r => (long)r[0]!, r => new Id((string)r[2]!, (int)r[4]!, (string)r[7]!)));
}
