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
    protected override JvmObject MapInArrow(JvmObject frame, JvmObject function, JvmObject expression)
    {
        using JvmObject column = function.Get("fromUDFExpr", expression);
        return frame.Get("mapInArrow", column, false, null);
    }
}
