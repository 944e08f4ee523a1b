using Microsoft.Spark.Interop.Ipc;

namespace OneRec.Engine.Spark.Jvm.MicrosoftSpark;

/// <summary>A handle with a reference of Microsoft.Spark, which notifies the JVM itself when it is garbage-collected.</summary>
internal sealed class MicrosoftSparkObject(MicrosoftSparkJvm jvm, JvmObjectReference reference) : JvmObject
{
    private JvmObjectReference? _reference = reference;

    /// <inheritdoc/>
    public override IJvm Jvm => jvm;

    /// <summary>Microsoft.Spark's own handle.</summary>
    public JvmObjectReference Reference
    {
        get
        {
            JvmObjectReference? held = _reference;
            ObjectDisposedException.ThrowIf(held is null, this);
            return held;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _reference, null) is { } held)
        {
            jvm.Forget(held);
        }
    }
}
