using OneRec.Alignment.Native;

namespace OneRec.Alignment.Tests.Native;

/// <summary>Loads libtorch for tests that use no <see cref="Items"/>.</summary>
internal static class Loaded
{
    public static void Now() => TorchRuntime.Require();
}
