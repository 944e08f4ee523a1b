using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Jvm.MicrosoftSpark;

namespace OneRec.Engine.Spark.Launch;

/// <summary>The part that is built only with <c>-p:MicrosoftSpark=true</c>.</summary>
public sealed partial record SparkDriver
{
    static partial void OpenMicrosoftSpark(ref IJvm? jvm) => jvm = new MicrosoftSparkJvm();
}
