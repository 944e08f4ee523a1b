using System.Collections.Concurrent;
using TorchSharp;

namespace OneRec.Alignment.Native;

/// <summary>Numbers as libtorch's operations take them, kept for the life of the process.</summary>
/// <remarks>
/// TorchSharp passes the handle of a <see cref="Scalar"/> to the operation and then forgets it: a garbage collection that
/// another thread starts meanwhile frees it under the operation's hands (seen with two threads: "INTERNAL ASSERT FAILED at
/// Scalar.h"). So no operation here takes a number that is converted on the spot; what changes from call to call is a tensor.
/// </remarks>
internal static class Scalars
{
    private static readonly ConcurrentDictionary<double, Scalar> Known = new();

    /// <summary>A constant of a network.</summary>
    public static Scalar Of(double value) => Known.GetOrAdd(value, static v => v);

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
