using OneRec.Delta.Committer;

namespace OneRec.Delta.Tests;

/// <summary>What a table was before a piece of <see cref="Work"/> that is interrupted, and what may be left of it after.</summary>
internal sealed class Survivor
{
    private readonly string _folder;
    private readonly string _kind;
    private readonly long _version;
    private readonly (long Id, string? Part)[] _rows;

    /// <summary>Takes down a table's state.</summary>
    public Survivor(string folder, string kind)
    {
        (_folder, _kind) = (folder, kind);
        (_version, _rows) = State();
    }

    /// <summary>The first id that is free.</summary>
    public long NextId => _rows.Length == 0 ? 1 : _rows.Max(r => r.Id) + 1;

    /// <summary>
    /// Requires the version before, or the whole new one; all bytes as the log says; and that the next commit, and the same
    /// work once more, complete.
    /// </summary>
    /// <returns>Whether the table is at the new version; true for work that makes none.</returns>
    public bool RequireWhole()
    {
        (long version, (long Id, string? Part)[] rows) = State();
        (long, string?)[] more = [(NextId, "a"), (NextId + 1, "b")];
        bool makesNone = _kind is "vacuum" or "cleanup";
        bool done = makesNone ? version == _version : version == _version + 1;
        Assert.True(done || version == _version, $"version {version} after {_version}");
        Assert.Equal(
            !done || !Work.ChangesRows(_kind) ? _rows : _kind == "replace" ? more : [.. _rows, .. more],
            rows);
        DeltaTable table = DeltaTable.At(_folder);
        if (version >= 0)
        {
            Assert.Empty(table.Verify(new Dictionary<string, string>()).Findings);
        }

        Work.Perform(Work.Table(_folder, "append", DurableFiles.Instance), "append", NextId + 2, () => { });
        Assert.Equal(version + 1, table.LatestVersion());
        if (!Work.ChangesRows(_kind))
        {
            Work.Perform(Work.Table(_folder, _kind, DurableFiles.Instance), _kind, 0, () => { });
        }

        Assert.Equal([.. rows, (NextId + 2, "a"), (NextId + 3, "b")], State().Rows);
        return done;
    }

    private (long Version, (long Id, string? Part)[] Rows) State()
    {
        if (DeltaTable.At(_folder).LatestSnapshot() is not { } snapshot)
        {
            return (-1, []);
        }

        (long Id, string? Part)[] rows =
        [
            .. OneRec.Delta.Tests.Rows.Of(snapshot).Select(r => r.Split(" | ")).Select(c => (long.Parse(c[0]), (string?)c[1].Trim('"'))).Order(),
        ];
        if (Enumerable.Range(0, (int)snapshot.Version + 1).All(v => File.Exists(Path.Combine(_folder, "_delta_log", $"{v:D20}.json"))))
        {
            Assert.Equal(rows, LogOracle.Rows(_folder, snapshot.Version));
        }

        return (snapshot.Version, rows);
    }
}
