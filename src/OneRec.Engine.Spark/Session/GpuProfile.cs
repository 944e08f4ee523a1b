using System.Globalization;
using OneRec.Core;
using OneRec.Engine.Spark.Jvm;

namespace OneRec.Engine.Spark.Session;

/// <summary>
/// Executors with GPUs only for the tasks that score on them (stage-level scheduling). With dynamic allocation, Swing and
/// k-means then run on executors without GPUs.
/// </summary>
internal static class GpuProfile
{
    /// <summary>GPUs per executor of the profile.</summary>
    public const string Amount = "spark.onerec.gpu.amount";

    private const string TaskAmount = "spark.onerec.gpu.taskAmount";
    private const string Script = "spark.onerec.gpu.discoveryScript";
    private const string Vendor = "spark.onerec.gpu.vendor";
    private const string Dynamic = "spark.dynamicAllocation.enabled";
    private const string Package = "org.apache.spark.resource.";

    /// <summary>The <c>ResourceProfile</c>; null if the settings request none.</summary>
    /// <exception cref="OneRecException">Configuration error <c>spark.setting</c>: an invalid number, or a Spark without profiles.</exception>
    public static JvmObject? Of(SparkSession session)
    {
        string amount = session.Setting(Amount, "");
        if (amount.Length == 0)
        {
            return null;
        }

        if (!session.Release.HasProfiles || session.Setting(Dynamic, "false") != "true")
        {
            throw OneRecException.Configuration(
                "spark.setting",
                $"{Amount} requires Spark 4.0 with {Dynamic}=true; otherwise set spark.executor.resource.gpu.amount and spark.task.resource.gpu.amount");
        }

        using JvmObject executor = session.Jvm.New(Package + "ExecutorResourceRequests");
        using JvmObject task = session.Jvm.New(Package + "TaskResourceRequests");
        executor.Get("resource", "gpu", Whole(Amount, amount), session.Setting(Script, ""), session.Setting(Vendor, "")).Dispose();
        task.Get("resource", "gpu", Share(TaskAmount, session.Setting(TaskAmount, "1"))).Dispose();
        using JvmObject builder = session.Jvm.New(Package + "ResourceProfileBuilder");
        builder.Get("require", executor).Dispose();
        builder.Get("require", task).Dispose();
        return builder.Get("build");
    }

    private static long Whole(string name, string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long whole) && whole > 0 ? whole : throw NoNumber(name, text);

    private static double Share(string name, string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double share) && share > 0
            ? share
            : throw NoNumber(name, text);

    private static OneRecException NoNumber(string name, string text) =>
        OneRecException.Configuration("spark.setting", $"{name} must be a number above 0 (got {text})");
}
