using OneRec.Pipeline.Engines.Spark.Jvm;
using OneRec.Pipeline.Engines.Spark.Jvm.MicrosoftSpark;

namespace OneRec.Pipeline.Engines.Spark.Launch;

/// <summary>The part that is built with <c>-p:MicrosoftSpark=true</c>.</summary>
public sealed partial record SparkDriver
{
    static partial void OpenMicrosoftSpark(ref IJvm? jvm) => jvm = new MicrosoftSparkJvm();
}
