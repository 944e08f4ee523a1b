using System.Collections.Concurrent;
using TorchSharp;

namespace OneRec.Alignment.Native;

/// <summary>Numbers as libtorch's operations take them, kept for the life of the process.</summary>
/// <remarks>
/// TorchSharp passes the handle of a <see cref="Scalar"/> to the operation and then forgets it: a garbage collection that
/// another thread starts meanwhile frees it under the operation's hands (seen with two threads: "INTERNAL ASSERT FAILED at
/// Scalar.h"). So no operation here takes a number that is converted on the spot; what changes from call to call is a tensor.
/// Sums take one too, the factor 1. BannedSymbols.txt names what is not to be used.
/// </remarks>
internal static class Scalars
{
    private static readonly ConcurrentDictionary<double, Scalar> Known = new();

    private static Scalar One => Of(1);

    /// <summary>A constant of a network.</summary>
#pragma warning disable RS0030 // The one place where a number is converted: it is kept.
    public static Scalar Of(double value) => Known.GetOrAdd(value, static v => v);
#pragma warning restore RS0030

    /// <summary>a + b.</summary>
    public static torch.Tensor Plus(this torch.Tensor a, torch.Tensor b) => a.add(b, One);

    /// <summary>a + b.</summary>
    public static torch.Tensor Plus(this torch.Tensor a, double b) => a.add(Of(b), One);

    /// <summary>a += b.</summary>
    public static torch.Tensor PlusInPlace(this torch.Tensor a, torch.Tensor b) => a.add_(b, One);

    /// <summary>A number that changes from call to call, [1].</summary>
    public static torch.Tensor Changing(double value) => torch.tensor(new[] { (float)value });

    /// <summary>The value of a tensor of one float.</summary>
    public static float Value(torch.Tensor one)
    {
        ArgumentNullException.ThrowIfNull(one);
        float value = one.detach().cpu().data<float>()[0];
        GC.KeepAlive(one);
        return value;
    }
}
