using OneRec.Core;
using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary><c>_last_checkpoint</c> is a hint: whatever it says, the table is the same, and the next checkpoint mends it.</summary>
public sealed class LastCheckpointTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly DeltaTable _table;

    public LastCheckpointTests()
    {
        _table = DeltaTable.At(_scratch["t"]);
        for (int i = 0; i < 12; i++)
        {
            _table.Append((i, "a"));
        }
    }

    private string Hint => _scratch["t/_delta_log/_last_checkpoint"];

    public static TheoryData<string> Contents =>
    [
        "",
        " \n",
        "{",
        "null",
        "[]",
        "10",
        "\"10\"",
        "{}",
        """{"version":3,"size":4}""",
        """{"version":10,"size":13,"parts":7}""",
        """{"version":99,"size":4}""",
        """{"version":-1}""",
        """{"version":1e400}""",
        """{"version":"10"}""",
        """{"version":null,"onerec.sha256":null}""",
        """{"version":10,"version":10,"onerec.sha256":"x","onerec.sha256":"y"}""",
        """{"version":10,"onerec.sha256":5,"onerec.sha256.check":[]}""",
        """{"version":10,"onerec.sha256":"\ud800","onerec.sha256.check":"\ud800"}""",
        """{"version":10,"onerec.sha256":"00","onerec.sha256.check":"00"}""",
        new string('[', 100_000),
        new string('\0', 4_096),
        "\uFEFF{\"version\":10}",
    ];

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [MemberData(nameof(Contents))]
    public void Wrong_stale_or_empty_hint_changes_nothing(string content)
    {
        File.WriteAllText(Hint, content);
        RequireWhole();
        Assert.Empty(_table.Verify(new Dictionary<string, string>()).Findings);
        for (int i = 12; i <= 20; i++)
        {
            Assert.Equal(new CommitResult.Committed(i), _table.Append((i, "a")));
        }

        Assert.Contains("\"version\":20,", File.ReadAllText(Hint), StringComparison.Ordinal);
    }

    [Fact]
    public void Hint_of_an_older_checkpoint_does_not_condemn_a_newer_one()
    {
        byte[] stale = File.ReadAllBytes(Hint);
        for (int i = 12; i <= 20; i++)
        {
            _table.Append((i, "a"));
        }

        File.WriteAllBytes(Hint, stale);
        Assert.Equal(21, Rows.Of(_table.LatestSnapshot()!).Count);
        Assert.Empty(_table.Verify(new Dictionary<string, string>()).Findings);
    }

    [Fact]
    public async Task Pipe_folder_or_dangling_link_in_its_place_is_not_waited_for()
    {
        Skip.Unless(Desk.OnPath("mkfifo") is not null, "no mkfifo");
        File.Delete(Hint);
        Assert.Equal(0, Desk.Capture("mkfifo", [Hint], TimeSpan.FromSeconds(10)).Exit);
        await Task.Run(RequireWhole).WaitAsync(TimeSpan.FromSeconds(20));

        File.Delete(Hint);
        Directory.CreateDirectory(Hint);
        RequireWhole();
        Directory.Delete(Hint);
        File.CreateSymbolicLink(Hint, _scratch["nowhere"]);
        RequireWhole();
    }

    [Fact]
    public void Hint_that_is_far_too_long_is_not_read()
    {
        using (FileStream file = File.OpenWrite(Hint))
        {
            file.SetLength(1L << 30);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        RequireWhole();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
    }

    private void RequireWhole()
    {
        Snapshot snapshot = _table.LatestSnapshot()!;
        Assert.Equal((11L, 12), (snapshot.Version, Rows.Of(snapshot).Count));
    }
}
