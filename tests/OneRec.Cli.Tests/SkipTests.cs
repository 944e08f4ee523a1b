using OneRec.Testing;

namespace OneRec.Cli.Tests;

/// <summary>What lacks its needs is skipped at a desk; in CI only where <c>.ci/allowed-skips</c> names it.</summary>
public sealed class SkipTests
{
    // How xunit knows a skip.
    private const string Skipped = "$XunitDynamicSkip$";

    [Fact]
    public void A_skip_that_is_not_named_is_a_failure_in_CI()
    {
        const string Reason = "no unicorn: none was ever seen";
        Assert.Equal(Skipped + Reason, Message(Reason, inCI: false));
        Assert.Equal(
            $"{typeof(SkipTests)}.{nameof(A_skip_that_is_not_named_is_a_failure_in_CI)}: {Reason} (a failure in CI: .ci/allowed-skips does not name it)",
            Message(Reason, inCI: true));
        Assert.Equal(Skipped + "no GPU: any", Message("no GPU: any", inCI: true));
    }

    [Fact]
    public void Patterns_are_found_anywhere_and_remarks_are_none()
    {
        using var root = new ScratchFolder();
        Directory.CreateDirectory(root[".ci"]);
        File.WriteAllLines(root[".ci/allowed-skips"], ["# any", "", "[Nn]o GPU  # why: any", "^A\\.B: #1 "]);
        AllowedSkips skips = AllowedSkips.Of(root.Path);
        Assert.Null(skips.Refuse("A.C: there is no GPU here"));
        Assert.Null(skips.Refuse("A.B: #1 is missing"));
        Assert.Equal("A.B: any (a failure in CI: .ci/allowed-skips does not name it)", skips.Refuse("A.B: any"));
        Assert.NotNull(skips.Refuse("other A.B: #1 is missing"));
    }

    // Assert.Throws lets a skip through.
    private static string? Message(string reason, bool inCI)
    {
        string? message = null;
        try
        {
            Skip.Now(reason, inCI);
        }
        catch (Exception e)
        {
            message = e.Message;
        }

        return message;
    }
}
