using CsCheck;
using OneRec.Core;
using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary>Logs written by hand against a model: a map of live files that the test keeps itself.</summary>
public sealed class LogReplayTests
{
    private enum Act
    {
        Add,
        AddTwo,
        Remove,
        Overwrite,
        OverwritePartition,
        Transaction,
        Describe,
    }

    private enum Hint
    {
        Missing,
        Stale,
        Ahead,
        Garbage,
    }

    private static readonly Gen<(Act Act, int File, int Checkpoint)[]> Commits =
        Gen.Select(Gen.Enum<Act>(), Gen.Int[0, 8], Gen.Int[0, 8]).Array[1, 14];

    [Fact]
    public void Every_version_is_what_the_actions_up_to_it_leave() => Gen.Select(Commits, Gen.Enum<Hint>(), Gen.Bool)
        .Sample(
            (commits, hint, cleanUp) =>
            {
                using var scratch = new ScratchFolder();
                var log = new HandLog(scratch["t"]);
                var model = new Model();
                List<Model> versions = Write(log, commits, model, out List<int> checkpoints);
                WriteHint(log, hint, checkpoints);
                int oldest = cleanUp && checkpoints.Count > 0 ? checkpoints[^1] : 0;
                for (int version = 0; version < oldest; version++)
                {
                    File.Delete(log[$"{version:D20}.json"]);
                }

                foreach (int old in checkpoints.Where(c => c < oldest))
                {
                    Assert.All(
                        Directory.GetFiles(Path.Combine(log.Folder, "_delta_log"), $"{old:D20}.checkpoint*"), File.Delete);
                }

                for (int version = 0; version < versions.Count; version++)
                {
                    if (version < oldest)
                    {
                        var e = Assert.Throws<OneRecException>(() => log.Table.SnapshotAt(version));
                        Assert.Equal(
                            $"{log.Folder} version {version} can no longer be read: its log was cleaned up, and version "
                            + $"{oldest} is the oldest left",
                            e.Message);
                        continue;
                    }

                    versions[version].RequireEqual(log.Table.SnapshotAt(version));
                }

                versions[^1].RequireEqual(log.Table.LatestSnapshot()!);
                Assert.Equal(versions.Count - 1, log.Table.LatestVersion());
            },
            iter: 80);

    [Fact]
    public void Checkpoint_alone_is_a_table()
    {
        using var scratch = new ScratchFolder();
        var log = new HandLog(scratch["t"]);
        log.Create(HandLog.Add("a.parquet"));
        HandCheckpoint.Write(log, 0, null, [HandLog.Protocol(), HandLog.MetaData(), HandLog.Add("a.parquet", 7)]);
        File.Delete(log["00000000000000000000.json"]);
        Assert.Equal(7, Assert.Single(log.Table.LatestSnapshot()!.Files).Size);
        Assert.Empty(log.Table.History());
    }

    [Fact]
    public void Checkpoint_that_lacks_a_part_is_passed_over()
    {
        using var scratch = new ScratchFolder();
        var log = new HandLog(scratch["t"]);
        log.Create(HandLog.Add("a.parquet")).Commit(1, HandLog.Add("b.parquet"));
        HandCheckpoint.Write(
            log, 1, 3, [HandLog.Protocol(), HandLog.MetaData(), HandLog.Add("wrong.parquet"), HandLog.Add("wrong2.parquet")]);
        File.Delete(log["00000000000000000001.checkpoint.0000000002.0000000003.parquet"]);
        Assert.Equal(["a.parquet", "b.parquet"], log.Table.LatestSnapshot()!.Files.Select(f => f.Path));

        // Two writers at once leave parts of both kinds: one whole set is enough.
        HandCheckpoint.Write(log, 1, 2, [HandLog.Protocol(), HandLog.MetaData(), HandLog.Add("c.parquet")]);
        Assert.Equal(["c.parquet"], log.Table.LatestSnapshot()!.Files.Select(f => f.Path));
    }

    [Fact]
    public void Other_files_in_the_log_are_nobodys_commits()
    {
        using var scratch = new ScratchFolder();
        var log = new HandLog(scratch["t"]);
        log.Create(HandLog.Add("a.parquet"));
        foreach (string name in new[]
        {
            "_commit_0b6b5a35-95b6-4b7a-9d7c-3f35d1e1a000.json.tmp", "00000000000000000001.json.tmp", "00000000000000000001.crc",
            ".00000000000000000001.json.crc", "0000000000000000001.json", "00000000000000000001.JSON", "_last_checkpoint",
            "99999999999999999999.json", "-0000000000000000001.json", "00000000000000000000.00000000000000000001.compacted.json",
            "00000000000000000001.checkpoint.parquet.tmp", "00000000000000000001.checkpoint.0000000000.0000000001.parquet",
            "00000000000000000001.checkpoint.0000000003.0000000002.parquet",
        })
        {
            File.WriteAllText(log[name], "{no JSON");
        }

        Directory.CreateDirectory(log["_staged_commits"]);
        Directory.CreateDirectory(log["00000000000000000002.json"]);
        Assert.Equal((0, 1), (log.Table.LatestSnapshot()!.Version, log.Table.LatestSnapshot()!.Files.Count));
        Assert.Equal(0, log.Table.LatestVersion());
    }

    private static List<Model> Write(
        HandLog log, (Act Act, int File, int Checkpoint)[] commits, Model model, out List<int> checkpoints)
    {
        log.Create();
        var versions = new List<Model> { model.Copy() };
        checkpoints = [];
        for (int version = 1; version <= commits.Length; version++)
        {
            (Act act, int file, int checkpoint) = commits[version - 1];
            log.Commit(version, [.. model.Apply(act, file, version)]);
            versions.Add(model.Copy());

            // A checkpoint after a third of the commits, some of them in parts, some in both forms.
            if (checkpoint < 3)
            {
                HandCheckpoint.Write(log, version, checkpoint == 0 ? null : checkpoint + 1, model.Checkpoint());
                checkpoints.Add(version);
            }
        }

        return versions;
    }

    private static void WriteHint(HandLog log, Hint hint, List<int> checkpoints)
    {
        string? text = hint switch
        {
            Hint.Stale when checkpoints.Count > 1 => $$"""{"version":{{checkpoints[0]}},"size":1}""",
            Hint.Ahead => """{"version":99,"size":1,"parts":3}""",
            Hint.Garbage => "{\"version\":",
            _ => null,
        };
        if (text is not null)
        {
            File.WriteAllText(log["_last_checkpoint"], text);
        }
    }

    /// <summary>The table as the test tells it: live files by name with their sizes, transactions, description.</summary>
    private sealed class Model
    {
        private readonly Dictionary<int, long> _live = [];
        private readonly Dictionary<string, long> _transactions = [];
        private readonly HashSet<int> _gone = [];
        private string? _description;

        public Model Copy()
        {
            var copy = new Model { _description = _description };
            _live.ToList().ForEach(f => copy._live.Add(f.Key, f.Value));
            _transactions.ToList().ForEach(t => copy._transactions.Add(t.Key, t.Value));
            return copy;
        }

        public List<string> Apply(Act act, int file, int version)
        {
            List<int> removed = act switch
            {
                Act.Remove => [.. _live.Keys.Where(f => f == file)],
                Act.Overwrite => [.. _live.Keys.Where(f => f != file)],
                Act.OverwritePartition => [.. _live.Keys.Where(f => f != file && f % 3 == file % 3)],
                _ => [],
            };
            int[] added = act switch
            {
                Act.Add or Act.Overwrite or Act.OverwritePartition => [file],
                Act.AddTwo => [file, (file + 1) % 9],
                _ => [],
            };
            removed.ForEach(f => _live.Remove(f));
            _gone.UnionWith(removed);
            foreach (int f in added)
            {
                _live[f] = version;
            }

            List<string> lines =
            [
                """{"commitInfo":{"operation":"WRITE"}}""",
                .. added.Select(f => HandLog.Add(Name(f), version, Values(f))),
                .. removed.Select(f => HandLog.Remove(OtherSpelling(f))),
            ];
            if (act == Act.Transaction)
            {
                _transactions["app" + (file % 2)] = version;
                lines.Add(HandLog.Txn("app" + (file % 2), version));
            }
            else if (act == Act.Describe)
            {
                _description = "as of " + version;
                lines.Add(HandLog.MetaData(description: _description));
            }

            return lines;
        }

        public List<string> Checkpoint() =>
        [
            HandLog.MetaData(description: _description),
            .. _gone.Where(f => !_live.ContainsKey(f)).Select(f => HandLog.Remove(Name(f))),
            .. _live.Select(f => HandLog.Add(Name(f.Key), f.Value, Values(f.Key))),
            HandLog.Protocol(),
            .. _transactions.Select(t => HandLog.Txn(t.Key, t.Value)),
        ];

        public void RequireEqual(Snapshot snapshot)
        {
            Assert.Equal(
                _live.Select(f => (Name(f.Key), f.Value, Part(f.Key))).Order(),
                snapshot.Files.Select(f => (f.Path, f.Size, f.PartitionValues["p"])).Order());
            Assert.Equal(_transactions.OrderBy(t => t.Key), snapshot.Transactions.OrderBy(t => t.Key));
            Assert.Equal(_description, snapshot.Metadata.Description);
        }

        // Parts "null", "é/1", "2": the folder's name is percent-encoded by Hive's rule, and again by the log's.
        private static string? Part(int file) => (file % 3) switch { 0 => null, 1 => "é/1", _ => "2" };

        private static string Values(int file) => Part(file) is { } part ? $$"""{"p":"{{part}}"}""" : """{"p":null}""";

        private static string Name(int file) => (file % 3) switch
        {
            0 => "p=__HIVE_DEFAULT_PARTITION__/",
            1 => "p=%C3%A9%252F1/",
            _ => "p=2/",
        } + $"part-{file}.parquet";

        /// <summary>A remove may spell the same file otherwise (RFC 3986: 'p' is %70).</summary>
        private static string OtherSpelling(int file) => Name(file).Replace("part-", "%70art-", StringComparison.Ordinal);
    }
}
