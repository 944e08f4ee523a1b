namespace OneRec.Engine.Spark.Jvm.MicrosoftSpark;

/// <summary>An array for Microsoft.Spark's bridge: kept in this process, and created in the JVM by each call that takes it.</summary>
/// <remarks>
/// Strings become a <c>String[]</c>, objects an <c>Object[]</c>, which the bridge passes as a Scala <c>Seq</c>: each method of
/// Spark with varargs has that overload.
/// </remarks>
internal sealed class MicrosoftSparkArray(MicrosoftSparkJvm jvm, Array values) : JvmObject
{
    /// <inheritdoc/>
    public override IJvm Jvm => jvm;

    /// <summary>The elements as values of the bridge.</summary>
    public Array Values => values;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // There is nothing in the JVM to release.
    }
}
