using ParquetSharp;
using ParquetSharp.Schema;

namespace OneRec.Parquet;

/// <summary>A column of values in a Parquet file, and how its nulls and lists are told by levels.</summary>
/// <param name="Index">Its place among the file's columns of values.</param>
/// <param name="Node">Its type.</param>
/// <param name="Definition">The definition level of a value that is there.</param>
/// <param name="Repeated">The definition level at which each list around it has an element, from the outermost.</param>
public sealed record ParquetLeaf(int Index, PrimitiveNode Node, short Definition, IReadOnlyList<short> Repeated)
{
    /// <summary>The one column of values below a column; null where it has several, as a struct or a map has.</summary>
    /// <param name="schema">The file's schema.</param>
    /// <param name="column">The place of the column among the file's columns.</param>
    /// <remarks>Lists in all their spellings: of three levels, and those of old writers with two.</remarks>
    public static ParquetLeaf? Of(SchemaDescriptor schema, int column)
    {
        Node[] columns = schema.GroupNode.Fields;
        int index = columns.Take(column).Sum(Leaves);
        short definition = 0;
        var repeated = new List<short>();
        for (Node node = columns[column]; ; node = ((GroupNode)node).Field(0))
        {
            definition += node.Repetition == Repetition.Required ? (short)0 : (short)1;
            if (node.Repetition == Repetition.Repeated)
            {
                repeated.Add(definition);
            }

            if (node is PrimitiveNode leaf)
            {
                return new ParquetLeaf(index, leaf, definition, repeated);
            }

            // What neither is a list nor repeats within one is a struct.
            if (((GroupNode)node).FieldCount != 1 || (node.Repetition != Repetition.Repeated && !IsList(node)))
            {
                return null;
            }
        }
    }

    /// <summary>Whether it holds integers that a long takes.</summary>
    public bool IsInteger => Repeated.Count == 0 && Node.LogicalType switch
    {
        NoneLogicalType => Node.PhysicalType is PhysicalType.Int32 or PhysicalType.Int64,
        IntLogicalType whole => whole.IsSigned || whole.BitWidth < 32,
        _ => false,
    };

    /// <summary>Whether it holds texts.</summary>
    public bool IsText => Repeated.Count == 0 && Node.LogicalType is StringLogicalType;

    /// <summary>Whether it holds bytes.</summary>
    public bool IsBytes => Repeated.Count == 0 && Node is { PhysicalType: PhysicalType.ByteArray, LogicalType: NoneLogicalType };

    /// <summary>Whether it holds lists, as deep as asked, of float or of float16.</summary>
    public bool IsLists(int depth, bool half) => Repeated.Count == depth && (half
        ? Node is { PhysicalType: PhysicalType.FixedLenByteArray, LogicalType: Float16LogicalType }
        : Node is { PhysicalType: PhysicalType.Float, LogicalType: NoneLogicalType });

    private static bool IsList(Node node) => node.LogicalType is ListLogicalType;

    private static int Leaves(Node node) => node is GroupNode group ? group.Fields.Sum(Leaves) : 1;
}
