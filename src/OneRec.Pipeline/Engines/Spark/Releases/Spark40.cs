using OneRec.Pipeline.Engines.Spark.Jvm;

namespace OneRec.Pipeline.Engines.Spark.Releases;

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
