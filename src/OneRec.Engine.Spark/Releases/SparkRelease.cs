using OneRec.Core;
using OneRec.Engine.Spark.Jvm;
using OneRec.Kernels.Remote;

namespace OneRec.Engine.Spark.Releases;

/// <summary>
/// The differences between Spark releases in the driver; no other class there depends on a version. (In the worker it is
/// <c>TaskLayout</c>, which gets the release from <see cref="WorkerCommand.VersionText"/>.)
/// </summary>
public abstract class SparkRelease
{
    /// <summary>All supported releases.</summary>
    public static IReadOnlyList<SparkRelease> All { get; } = [new Spark35(), new Spark40()];

    /// <summary>Major and minor version, such as <c>3.5</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Java versions that it runs on.</summary>
    public abstract IReadOnlyList<int> Javas { get; }

    /// <summary>Whether a map over Arrow batches can have its own resource profile.</summary>
    public abstract bool HasProfiles { get; }

    /// <summary>Whether Microsoft.Spark has a <c>DotnetRunner</c> for it.</summary>
    public abstract bool HasDotnetRunner { get; }

    /// <summary>The release of a version such as <c>3.5.3</c> or <c>4.0.5-vendor</c>.</summary>
    /// <exception cref="OneRecException">Configuration error <c>spark.release</c>: the version is not supported.</exception>
    public static SparkRelease Of(string version)
    {
        ArgumentNullException.ThrowIfNull(version);
        return All.FirstOrDefault(r => version == r.Name || version.StartsWith(r.Name + ".", StringComparison.Ordinal))
            ?? throw OneRecException.Configuration(
                "spark.release",
                $"Spark {version} is not supported: set SPARK_HOME to a Spark {string.Join(" or ", All.Select(r => r.Name))}");
    }

    /// <summary>Runs a function over the Arrow batches of a data frame (eval type 207).</summary>
    /// <param name="frame">A <c>Dataset</c> of rows.</param>
    /// <param name="function">A <c>UserDefinedPythonFunction</c>.</param>
    /// <param name="profile">A <c>ResourceProfile</c>, if the release has them; null for that of all tasks.</param>
    /// <returns>A <c>Dataset</c> with rows of the function's type.</returns>
    public JvmObject MapInArrow(JvmObject frame, JvmObject function, JvmObject? profile)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(function);

        // Column pruning keeps the children of the expression: they must be all columns, or the worker would get too few.
        using JvmObject execution = frame.Get("queryExecution");
        using JvmObject analyzed = execution.Get("analyzed");
        using JvmObject columns = analyzed.Get("output");
        using JvmObject expression = function.Get("builder", columns);
        return MapInArrow(frame, function, expression, profile);
    }

    /// <summary>The call that differs by release.</summary>
    protected abstract JvmObject MapInArrow(JvmObject frame, JvmObject function, JvmObject expression, JvmObject? profile);
}

/// <summary>Spark 3.5.</summary>
internal sealed class Spark35 : SparkRelease
{
    /// <inheritdoc/>
    public override string Name => "3.5";

    /// <inheritdoc/>
    public override IReadOnlyList<int> Javas => [8, 11, 17];

    /// <inheritdoc/>
    public override bool HasProfiles => false;

    /// <inheritdoc/>
    public override bool HasDotnetRunner => true;

    /// <inheritdoc/>
    protected override JvmObject MapInArrow(JvmObject frame, JvmObject function, JvmObject expression, JvmObject? profile) =>
        frame.Get("pythonMapInArrow", expression, false);
}

/// <summary>Spark 4.0.</summary>
internal sealed class Spark40 : SparkRelease
{
    /// <inheritdoc/>
    public override string Name => "4.0";

    /// <inheritdoc/>
    public override IReadOnlyList<int> Javas => [17, 21];

    /// <inheritdoc/>
    public override bool HasProfiles => true;

    /// <inheritdoc/>
    public override bool HasDotnetRunner => false;

    /// <inheritdoc/>
    protected override JvmObject MapInArrow(JvmObject frame, JvmObject function, JvmObject expression, JvmObject? profile)
    {
        using JvmObject column = function.Get("fromUDFExpr", expression);
        return frame.Get("mapInArrow", column, false, profile);
    }
}
