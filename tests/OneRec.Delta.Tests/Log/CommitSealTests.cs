using OneRec.Core;
using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary>One changed byte of a commit of ours is told by the reader.</summary>
public sealed class CommitSealTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly DeltaTable _table;

    public CommitSealTests() => _table = DeltaTable.At(_scratch["t"]);

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Every_flipped_bit_is_refused_and_the_file_as_it_was_is_the_cure()
    {
        _table.Append((1, "a"), (2, "b"));
        string path = Path.Combine(_table.Folder, "_delta_log", "00000000000000000000.json");
        byte[] commit = File.ReadAllBytes(path);
        int key = System.Text.Encoding.ASCII.GetString(commit).IndexOf("onerecSeal", StringComparison.Ordinal);
        for (int at = 0; at < commit.Length; at++)
        {
            byte[] flipped = [.. commit];
            flipped[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(path, flipped);
            OneRecException? e = Refusal();
            if (e is null)
            {
                // Without its name there is no seal, as in commits of others; the rows are the same, and 'verify' tells it.
                Assert.InRange(at, key, key + "onerecSeal".Length - 1);
                Assert.Equal(2, Rows.Of(_table.LatestSnapshot()!).Count);
                continue;
            }

            Assert.Equal((ErrorKind.Table, "delta.log-broken"), (e.Kind, e.Code));
            Assert.Contains("_delta_log/00000000000000000000.json", e.Message, StringComparison.Ordinal);
        }

        File.WriteAllBytes(path, commit);
        Assert.Equal(2, Rows.Of(_table.LatestSnapshot()!).Count);
    }

    private OneRecException? Refusal()
    {
        try
        {
            _table.LatestSnapshot();
            return null;
        }
        catch (OneRecException e)
        {
            return e;
        }
    }

    [Fact]
    public void Text_of_a_user_that_looks_like_a_seal_is_none()
    {
        Transaction create = _table.Begin(null, Tables.Ids);
        create.Add(create.Write(Tables.Batch(("id", Tables.Longs(1)))));
        create.Commit("WRITE", userMetadata: $"\"onerecSeal\":\"{new string('1', 64)}\"");
        Assert.Equal(["1"], Rows.Of(_table.LatestSnapshot()!));
        Assert.Contains("onerecSeal", _table.History().Single().UserMetadata, StringComparison.Ordinal);
    }

    [Fact]
    public void Changed_byte_that_leaves_valid_actions_is_told_as_such()
    {
        _table.Append((1, "a"));
        string path = Path.Combine(_table.Folder, "_delta_log", "00000000000000000000.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace("\\\"numRecords\\\":1", "\\\"numRecords\\\":2", StringComparison.Ordinal));
        var e = Assert.Throws<OneRecException>(() => _table.LatestSnapshot());
        Assert.Equal(
            $"{_table.Folder} version 0: _delta_log/00000000000000000000.json differs from its seal: it was changed since it was written; restore the file",
            e.Message);
    }
}
