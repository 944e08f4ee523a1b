using System.Numerics;
using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Session;

namespace OneRec.Engine.Spark.Relations;

/// <summary>Gives each numbered part of a shuffle its own partition.</summary>
/// <remarks>
/// Spark places rows by a hash, which puts several parts into one partition and leaves others empty. Parts are therefore
/// shuffled by labels that hash to the partitions 0, 1, 2 and so on.
/// </remarks>
internal static class PartPlacement
{
    private const uint Seed = 42;

    /// <summary>The column to repartition by, into <see cref="PartitionShape.Parts"/> partitions.</summary>
    public static JvmObject Column(SparkSession session, PartitionShape shape) => session.Expression(
        $"element_at(array({string.Join(", ", Labels(shape.Parts))}), {SparkDialect.Instance.Name(shape.Keys[0])} + 1)");

    /// <summary>For each partition, an int that Spark's <c>HashPartitioning</c> puts there.</summary>
    internal static int[] Labels(int partitions)
    {
        var labels = new int[partitions];
        Array.Fill(labels, -1);
        int left = partitions;
        for (int label = 0; left > 0; label++)
        {
            int partition = Partition(label, partitions);
            if (labels[partition] < 0)
            {
                labels[partition] = label;
                left--;
            }
        }

        return labels;
    }

    // Murmur3 of an int, modulo the partitions and never negative (org.apache.spark.sql.catalyst.expressions.Murmur3Hash).
    private static int Partition(int label, int partitions)
    {
        uint k = BitOperations.RotateLeft((uint)label * 0xcc9e2d51, 15) * 0x1b873593;
        uint h = (BitOperations.RotateLeft(Seed ^ k, 13) * 5) + 0xe6546b64;
        h ^= sizeof(int);
        h = (h ^ (h >> 16)) * 0x85ebca6b;
        h = (h ^ (h >> 13)) * 0xc2b2ae35;
        h ^= h >> 16;
        int remainder = (int)h % partitions;
        return remainder < 0 ? remainder + partitions : remainder;
    }
}
