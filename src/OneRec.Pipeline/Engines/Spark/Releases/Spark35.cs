using OneRec.Pipeline.Engines.Spark.Jvm;

namespace OneRec.Pipeline.Engines.Spark.Releases;

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
