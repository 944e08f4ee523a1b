namespace OneRec.Pipeline.Engines.Spark.Launch;

/// <summary>What a <c>spark-submit</c> that started us changes.</summary>
public static class SparkSubmit
{
    /// <summary>
    /// Our own arguments: <c>spark-submit</c> puts the path of its primary resource before them, which we have no use for.
    /// </summary>
    /// <param name="given">The arguments of the process.</param>
    /// <param name="environment">Its environment, which names a gateway where <c>spark-submit</c> started it.</param>
    public static IReadOnlyList<string> Arguments(IReadOnlyList<string> given, IReadOnlyDictionary<string, string> environment)
    {
        ArgumentNullException.ThrowIfNull(given);
        ArgumentNullException.ThrowIfNull(environment);
        bool isStarted = environment.ContainsKey(SparkDriver.PortVariable);
        return isStarted && given.Count > 0 && given[0].EndsWith(".py", StringComparison.Ordinal) ? [.. given.Skip(1)] : given;
    }
}
