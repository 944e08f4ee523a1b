using OneRec.Core;
using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary>One flipped byte anywhere is told by the reader or by the verification, and never gives other rows in silence.</summary>
public sealed class VerificationTests : IDisposable
{
    private static readonly Dictionary<string, string> Nothing = [];
    private readonly ScratchFolder _scratch = new();
    private readonly DeltaTable _table;

    public VerificationTests() => _table = DeltaTable.At(_scratch["t"]);

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Table_as_it_was_written_has_no_findings()
    {
        Fill();
        TableVerdict found = _table.Verify(Nothing, threads: 3);
        Assert.Empty(found.Findings);
        Assert.Equal((12, 24), (found.Version, found.Files));
        Assert.Equal(_table.LatestSnapshot()!.Files.Sum(f => f.Size), found.Bytes);

        // Data files carry their own; only those of the log are known from now on.
        Assert.All(found.Checksums.Keys, path => Assert.StartsWith("_delta_log/", path, StringComparison.Ordinal));
        Assert.Equal(14, found.Checksums.Count);
        Assert.Empty(_table.Verify(found.Checksums).Findings);
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    [InlineData(4UL)]
    public void A_flipped_byte_is_told(ulong seed)
    {
        Fill();
        List<string> rows = Rows.Of(_table.LatestSnapshot()!).Sorted();
        string[] files = [.. Directory.GetFiles(_table.Folder, "*", SearchOption.AllDirectories)
            .Where(f => !f.EndsWith("_last_checkpoint", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        var random = new SplitMix64(seed);
        for (int i = 0; i < 250; i++)
        {
            string file = files[random.NextBelow(files.Length)];
            byte[] bytes = File.ReadAllBytes(file);
            byte[] flipped = [.. bytes];
            int at = (int)random.NextBelow(bytes.Length);
            flipped[at] ^= (byte)(1 << (int)random.NextBelow(8));
            File.WriteAllBytes(file, flipped);
            TableVerdict found = _table.Verify(Nothing);
            Assert.True(found.Findings.Count > 0, $"{file}, byte {at}");
            Assert.All(found.Findings, f => Assert.StartsWith(_table.Folder, f.Message, StringComparison.Ordinal));
            Assert.Contains(found.Findings, f => f.Message.Contains(Path.GetFileName(file), StringComparison.Ordinal));
            try
            {
                Assert.Equal(rows, Rows.Of(_table.LatestSnapshot()!).Sorted());
            }
            catch (OneRecException e)
            {
                Assert.Equal(ErrorKind.Table, e.Kind);
            }

            File.WriteAllBytes(file, bytes);
        }
    }

    [Fact]
    public void File_of_another_writer_is_held_against_what_was_seen_first()
    {
        HandLog log = new HandLog(_table.Folder).Create();
        Transaction append = _table.Begin(_table.LatestSnapshot()!);
        DataFile file = Assert.Single(append.Write(Tables.Batch(("id", Tables.Longs(1, 2, 3)), ("p", Tables.Texts("a", "a", "a")))));
        log.Commit(1, HandLog.Add(file.Path, file.Size, stats: """{"numRecords":3}"""));
        TableVerdict first = _table.Verify(Nothing);
        Assert.Empty(first.Findings);
        string path = Path.Combine(_table.Folder, Uri.UnescapeDataString(file.Path));
        byte[] bytes = File.ReadAllBytes(path);
        for (int at = 4; at < bytes.Length - 8; at += 11)
        {
            byte[] flipped = [.. bytes];
            flipped[at] ^= 1;
            File.WriteAllBytes(path, flipped);
            Assert.NotEmpty(_table.Verify(first.Checksums).Findings);
        }

        File.WriteAllBytes(path, bytes);
        log.Commit(1, HandLog.Add(file.Path, file.Size, stats: """{"numRecords":3 }"""));
        TableFinding changed = Assert.Single(_table.Verify(first.Checksums).Findings);
        Assert.Equal(
            $"{_table.Folder} version 1: _delta_log/00000000000000000001.json differs from its checksum: it was changed since it was first verified; restore the file",
            changed.Message);
    }

    [Fact]
    public void Missing_cut_and_misfit_files_are_told_all_together()
    {
        Fill();
        Snapshot snapshot = _table.LatestSnapshot()!;
        File.Delete(snapshot.FullPath(snapshot.Files[0]));
        using (FileStream cut = File.OpenWrite(snapshot.FullPath(snapshot.Files[1])))
        {
            cut.SetLength(100);
        }

        File.Copy(snapshot.FullPath(snapshot.Files[3]), snapshot.FullPath(snapshot.Files[2]), overwrite: true);
        IReadOnlyList<TableFinding> found = _table.Verify(Nothing).Findings;
        Assert.Equal(3, found.Count);
        Assert.EndsWith("does not exist; restore the file", found[0].Message, StringComparison.Ordinal);
        Assert.Matches("has 100 bytes, but the log says [0-9]+; restore the file$", found[1].Message);
        Assert.EndsWith("is damaged: it differs from its checksum; restore the file", found[2].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_commit_is_told()
    {
        _table.Append((1, "a"));
        _table.Append((2, "a"));
        _table.Append((3, "a"));
        File.Delete(Path.Combine(_table.Folder, "_delta_log", "00000000000000000001.json"));
        TableVerdict found = _table.Verify(Nothing);
        Assert.Equal(-1, found.Version);
        Assert.Equal("delta.log-gap", Assert.Single(found.Findings).Code);
    }

    [Fact]
    public void Damaged_hint_does_not_condemn_the_checkpoint()
    {
        Fill();
        string hint = Path.Combine(_table.Folder, "_delta_log", "_last_checkpoint");
        byte[] bytes = File.ReadAllBytes(hint);
        for (int at = 0; at < bytes.Length; at++)
        {
            byte[] flipped = [.. bytes];
            flipped[at] ^= 2;
            File.WriteAllBytes(hint, flipped);
            Assert.Empty(_table.Verify(Nothing).Findings);
        }
    }

    private void Fill()
    {
        for (int i = 0; i < 12; i++)
        {
            _table.Append((i, "a b"), (100 + i, null));
        }

        Transaction noted = _table.Begin(_table.LatestSnapshot()!);
        noted.SetTransaction("app", 7);
        noted.Commit("WRITE");
    }
}
