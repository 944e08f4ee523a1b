using ParquetSharp;
using ParquetSharp.Schema;

namespace OneRec.Parquet;

/// <summary>A leaf column of a Parquet file, with the levels that encode its nulls and lists.</summary>
/// <param name="Index">Index among the leaf columns of the file.</param>
/// <param name="Node">The node with its type.</param>
/// <param name="Definition">The definition level of a value that is not null.</param>
/// <param name="Repeated">
/// For each enclosing list, from the outermost, the definition level at which it has an element.
/// </param>
public sealed record ParquetLeaf(int Index, PrimitiveNode Node, short Definition, IReadOnlyList<short> Repeated)
{
    /// <summary>The only leaf below a column; null if it has several, like a struct or a map.</summary>
    /// <param name="schema">The schema of the file.</param>
    /// <param name="column">Index of the column among the top-level columns.</param>
    /// <remarks>Supports lists in all encodings: three levels, and two levels as written by old writers.</remarks>
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

            // A group that is neither a list nor a repeated group inside a list is a struct.
            if (((GroupNode)node).FieldCount != 1 || (node.Repetition != Repetition.Repeated && !IsList(node)))
            {
                return null;
            }
        }
    }

    /// <summary>Whether it holds integers, of which those of 64 bits without a sign may not fit into a long.</summary>
    public bool IsInteger => Repeated.Count == 0 && Node.LogicalType switch
    {
        NoneLogicalType => Node.PhysicalType is PhysicalType.Int32 or PhysicalType.Int64,
        IntLogicalType => true,
        DecimalLogicalType { Scale: 0 } => Node.PhysicalType is PhysicalType.Int32 or PhysicalType.Int64,
        _ => false,
    };

    /// <summary>Whether its integers have no sign.</summary>
    public bool IsUnsigned => Node.LogicalType is IntLogicalType { IsSigned: false };

    /// <summary>Whether it holds texts.</summary>
    public bool IsText => Repeated.Count == 0 && Node.LogicalType is StringLogicalType;

    /// <summary>Whether it holds bytes.</summary>
    public bool IsBytes => Repeated.Count == 0 && Node is { PhysicalType: PhysicalType.ByteArray, LogicalType: NoneLogicalType };

    /// <summary>How it holds numbers in lists, of whatever depth; null if it holds something else.</summary>
    public VectorKind? ListKind => Repeated.Count == 0 ? null : Node switch
    {
        { PhysicalType: PhysicalType.Float, LogicalType: NoneLogicalType } => VectorKind.Floats,
        { PhysicalType: PhysicalType.Double, LogicalType: NoneLogicalType } => VectorKind.Doubles,
        { PhysicalType: PhysicalType.FixedLenByteArray, LogicalType: Float16LogicalType } => VectorKind.Halves,
        _ => null,
    };

    private static bool IsList(Node node) => node.LogicalType is ListLogicalType;

    private static int Leaves(Node node) => node is GroupNode group ? group.Fields.Sum(Leaves) : 1;
}
