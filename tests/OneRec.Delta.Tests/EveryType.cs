using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Delta.Tests;

/// <summary>A table with a column of every type that we write, and rows of edge values.</summary>
internal static class EveryType
{
    private static readonly (string Name, IArrowType Type)[] Columns =
    [
        ("flag", BooleanType.Default),
        ("tiny", Int8Type.Default),
        ("small", Int16Type.Default),
        ("whole", Int32Type.Default),
        ("big", Int64Type.Default),
        ("single", FloatType.Default),
        ("real", DoubleType.Default),
        ("text", StringType.Default),
        ("bytes", BinaryType.Default),
        ("day", Date32Type.Default),
        ("at", DeltaSchema.Timestamp),
        ("price", new Decimal128Type(20, 4)),
        ("vector", Tables.ListOf(FloatType.Default)),
        ("codes", Tables.ListOf(Int32Type.Default)),
        ("tokens", Tables.ListOf(Tables.ListOf(FloatType.Default))),
        ("tags", Tables.ListOf(StringType.Default, nullable: true)),
    ];

    /// <summary>All columns, nullable, and an id that is not.</summary>
    public static TableShape Shape(IReadOnlyList<string> partitionColumns) => Tables.Shape(
        partitionColumns, [("id", Int64Type.Default, false), .. Columns.Select(c => (c.Name, c.Type, true))]);

    /// <summary>Rows <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/>; about one cell in five is null.</summary>
    public static RecordBatch Batch(int first, int count)
    {
        var columns = new List<(string, IArrowArray)> { ("id", Tables.Longs(Enumerable.Range(first, count).Select(i => (long)i))) };
        int column = 0;
        foreach ((string name, IArrowType type) in Columns)
        {
            column++;
            var random = new Core.SplitMix64((ulong)(first * 100 + column));
            columns.Add((name, Cells.Build(type, count, ref random, nullShare: 0.2)));
        }

        return Tables.Batch([.. columns]);
    }
}
