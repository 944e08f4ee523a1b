using System.Runtime.Versioning;
using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary>What the system refuses a committing process is one line that names the table, and the table stays as it was.</summary>
public sealed class RefusalTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly DeltaTable _table;
    private readonly Dictionary<string, string?> _environment = new() { ["DOTNET_EnableWriteXorExecute"] = "0", ["DOTNET_EnableDiagnostics"] = "0" };

    public RefusalTests()
    {
        _table = DeltaTable.At(_scratch["t"]);
        _table.Append((1, "p1"), (2, "p2"));
    }

    public void Dispose() => _scratch.Dispose();

    /// <remarks>A file-size limit stops writes as a full disk does: here the data file, and with more room the commit.</remarks>
    [Theory]
    [InlineData(0, "append", "cannot write a data file")]
    [InlineData(1, "replace", "cannot write the table")]
    public void File_that_may_not_grow_is_told_with_a_cure_and_harms_nothing(int kilobytes, string how, string what)
    {
        (int exit, string output, string error) = Desk.Capture(
            "/bin/bash",
            ["-c", $"trap '' XFSZ; ulimit -f {kilobytes}; exec \"$0\" \"$@\"", CommitterProcess.Program, _table.Folder, "3", "1", how],
            TimeSpan.FromMinutes(2),
            _environment);
        Assert.True(exit == 3, $"exit {exit}: {error}");
        Assert.Equal("", output);
        Assert.Matches($"^delta.write-failed {_table.Folder}: {what} .*; raise the limit \\(ulimit -f\\) and run the command again\n$", error);
        RequireUnharmed();
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Folder_that_is_only_to_be_read_is_read_and_told_when_it_is_written()
    {
        string[] program = [CommitterProcess.Program];
        if (Environment.IsPrivilegedProcess)
        {
            // Nobody is refused what root is not.
            Skip.Unless(Desk.OnPath("setpriv") is not null, "no setpriv");
            program = [Desk.OnPath("setpriv")!, "--reuid=65534", "--regid=65534", "--clear-groups", .. program];
        }

        const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        string[] folders = [_scratch.Path, .. Directory.GetDirectories(_scratch.Path, "*", SearchOption.AllDirectories)];
        Array.ForEach(folders, f => File.SetUnixFileMode(f, ReadOnly));
        try
        {
            (int exit, string output, string error) = Desk.Capture(
                program[0], [.. program[1..], _table.Folder, "3", "1", "append"], TimeSpan.FromMinutes(2), _environment);
            Assert.True(exit == 3, $"exit {exit}: {error}");
            Assert.Equal("", output);
            Assert.Matches($"^delta.write-failed {_table.Folder}: cannot write a data file .*denied.*; check the permissions of that path, or use another path\n$", error);
            (exit, output, error) = Desk.Capture(
                program[0], [.. program[1..], _table.Folder, "0", "0", "read"], TimeSpan.FromMinutes(2), _environment);
            Assert.Equal((0, "0 2\n", ""), (exit, output, error));
        }
        finally
        {
            Array.ForEach(folders, f => File.SetUnixFileMode(f, ReadOnly | UnixFileMode.UserWrite));
        }

        RequireUnharmed();
    }

    private void RequireUnharmed()
    {
        Assert.Empty(_table.Verify(new Dictionary<string, string>()).Findings);
        Assert.Equal((0L, 2), (_table.LatestVersion(), Rows.Of(_table.LatestSnapshot()!).Count));
        Assert.Single(Directory.GetFiles(_scratch["t/_delta_log"]));
        Assert.Equal(new CommitResult.Committed(1), _table.Append((3, "p0")));
        Assert.Equal(3, Rows.Of(_table.LatestSnapshot()!).Count);
    }
}
