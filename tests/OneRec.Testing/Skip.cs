using System.Diagnostics.CodeAnalysis;
using Xunit;

namespace OneRec.Testing;

/// <summary>
/// How a test is skipped that lacks what it needs. With <c>CI=true</c> a skip that <c>.ci/allowed-skips</c> does not name
/// is a failure. BannedSymbols.txt keeps xunit's own ways of skipping out of the tests.
/// </summary>
public static class Skip
{
    private static bool InCI { get; } = Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>Skips the test where a condition does not hold.</summary>
    /// <param name="condition">What the test needs.</param>
    /// <param name="reason">What is missing, such as <c>no GPU: nvidia-smi lists none</c>.</param>
    public static void Unless([DoesNotReturnIf(false)] bool condition, string reason)
    {
        if (!condition)
        {
            Now(reason, InCI);
        }
    }

    /// <summary>Skips the test where a condition holds.</summary>
    /// <param name="condition">What the test cannot run with.</param>
    /// <param name="reason">Why not.</param>
    public static void When([DoesNotReturnIf(true)] bool condition, string reason) => Unless(!condition, reason);

    /// <summary>Skips the test, or fails it.</summary>
    /// <param name="reason">What is missing.</param>
    /// <param name="inCI">Whether a skip has to be one that <c>.ci/allowed-skips</c> names.</param>
    [DoesNotReturn]
    public static void Now(string reason, bool inCI)
    {
        ITestContext context = TestContext.Current;
        string name = context.Test?.TestDisplayName ?? context.TestClass?.TestClassName ?? "outside a test";
        if (inCI && AllowedSkips.Of(Desk.Root).Refuse($"{name}: {reason}") is { } refusal)
        {
            Assert.Fail(refusal);
        }

#pragma warning disable RS0030 // The one place that skips.
        Assert.Skip(reason);
#pragma warning restore RS0030
    }
}
