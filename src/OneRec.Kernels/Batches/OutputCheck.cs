using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;

namespace OneRec.Kernels.Batches;

/// <summary>Checks a kernel's batches against the schema that its call declared.</summary>
/// <remarks>
/// Columns are matched by position, as in Spark; the names of list elements and struct fields are ignored. A null in a
/// column declared non-null, or a null list element, is an error: the tables promise non-null elements and neither
/// engine's writer checks them.
/// </remarks>
public static class OutputCheck
{
    /// <summary>Checks one batch.</summary>
    /// <param name="call">The kernel and its declared output.</param>
    /// <param name="batch">A batch that it returned.</param>
    /// <exception cref="OneRecException">Bug <c>kernel.output</c>: the column and what is wrong with it.</exception>
    public static void Require(KernelCall call, RecordBatch batch)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.ColumnCount != call.Output.FieldsList.Count)
        {
            throw Wrong(call, $"returned {batch.ColumnCount} columns, but its call declares {call.Output.FieldsList.Count}");
        }

        for (int i = 0; i < batch.ColumnCount; i++)
        {
            Field field = call.Output.FieldsList[i];
            IArrowArray column = batch.Column(i);
            if (!SameType(field.DataType, column.Data.DataType))
            {
                throw Wrong(
                    call,
                    $"returned column {i + 1} '{field.Name}' as {Describe(column.Data.DataType)}, but declares {Describe(field.DataType)}");
            }

            if (column.Length != batch.Length)
            {
                throw Wrong(call, $"returned column {i + 1} '{field.Name}' with {column.Length} rows in a batch of {batch.Length}");
            }

            if (!field.IsNullable && column.NullCount > 0)
            {
                throw Wrong(call, $"returned a null in column {i + 1} '{field.Name}', which is declared non-null");
            }

            if (HasNullElement(column))
            {
                throw Wrong(call, $"returned a null list element in column {i + 1} '{field.Name}'");
            }
        }
    }

    /// <summary>Whether two types are the same, ignoring the names and nullability of their parts.</summary>
    public static bool SameType(IArrowType left, IArrowType right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return left.TypeId == right.TypeId && (left, right) switch
        {
            (TimestampType a, TimestampType b) => a.Unit == b.Unit && a.Timezone == b.Timezone,
            (Decimal128Type a, Decimal128Type b) => a.Precision == b.Precision && a.Scale == b.Scale,
            (TimeBasedType a, TimeBasedType b) => a.Unit == b.Unit,
            (FixedSizeListType a, FixedSizeListType b) => a.ListSize == b.ListSize && SameFields(a, b),
            (NestedType a, NestedType b) => SameFields(a, b),
            (FixedSizeBinaryType a, FixedSizeBinaryType b) => a.ByteWidth == b.ByteWidth,
            _ => true,
        };
    }

    private static bool SameFields(NestedType left, NestedType right) =>
        left.Fields.Count == right.Fields.Count
        && left.Fields.Zip(right.Fields).All(pair => SameType(pair.First.DataType, pair.Second.DataType));

    private static bool HasNullElement(IArrowArray array) => array switch
    {
        ListArray list => ElementsHaveNull(list),
        StructArray record => record.Fields.Any(HasNullElement),
        _ => false,
    };

    // The child's null count also covers elements outside a slice, so the lists are scanned only if it is not 0.
    private static bool ElementsHaveNull(ListArray list)
    {
        IArrowArray values = list.Values;
        if (values.NullCount > 0)
        {
            for (int i = 0; i < list.Length; i++)
            {
                if (list.IsNull(i))
                {
                    continue;
                }

                int from = list.ValueOffsets[i];
                for (int j = from; j < from + list.GetValueLength(i); j++)
                {
                    if (values.IsNull(j))
                    {
                        return true;
                    }
                }
            }
        }

        return HasNullElement(values);
    }

    private static string Describe(IArrowType type) => type switch
    {
        ListType list => $"list<{Describe(list.ValueDataType)}>",
        TimestampType time => $"timestamp[{time.Unit}, {time.Timezone ?? "no zone"}]",
        _ => type.Name,
    };

    private static OneRecException Wrong(KernelCall call, string what) =>
        new(ErrorKind.Bug, "kernel.output", $"kernel {call.Name} {what}");
}
