namespace OneRec.Engine.Spark.Jvm.MicrosoftSpark;

/// <summary>An array as Microsoft.Spark's bridge passes it: here, and made anew in the JVM by each call that takes it.</summary>
/// <remarks>
/// Of texts it becomes a <c>String[]</c>, of objects an <c>Object[]</c>, which the bridge passes where a Scala <c>Seq</c> is asked
/// for: each of Spark's methods with varargs has that overload.
/// </remarks>
internal sealed class MicrosoftSparkArray(MicrosoftSparkJvm jvm, Array values) : JvmObject
{
    /// <inheritdoc/>
    public override IJvm Jvm => jvm;

    /// <summary>Its elements as the bridge knows them.</summary>
    public Array Values => values;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // Nothing of it is in the JVM.
    }
}
