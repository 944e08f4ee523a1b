using OneRec.Engine.Relations;
using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Relations;
using OneRec.Engine.Spark.Session;
using OneRec.Engines.Tests.Desks;

namespace OneRec.Engines.Tests.Seam;

/// <summary>Numbered parts of a shuffle each have a partition of their own, the first part the first one.</summary>
public abstract class PartPlacementTests(SparkDesk desk)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(200)]
    public void Each_part_has_its_partition(int parts)
    {
        SparkSession session = desk.Session;
        JvmObject spread = session.Session.Get("sql", $"SELECT CAST(id AS INT) AS part FROM range({parts})")
            .Get("repartition", parts, session.Columns([PartPlacement.Column(session, PartitionShape.ByPart("part", parts))]))
            .Get("select", session.Columns([session.Column("part"), session.Expression("spark_partition_id() AS place")]));
        Assert.Equal((long)parts, spread.Call("count"));
        Assert.Equal(0L, spread.Get("where", session.Expression("part <> place")).Call("count"));
    }
}

[Collection(Spark35Desk.Name)]
public sealed class PartPlacementOnSpark35Tests(Spark35Desk desk) : PartPlacementTests(desk);

[Collection(Spark40Desk.Name)]
public sealed class PartPlacementOnSpark40Tests(Spark40Desk desk) : PartPlacementTests(desk);
