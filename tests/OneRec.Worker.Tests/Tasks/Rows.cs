using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Worker.Tests.Tasks;

/// <summary>Small batches for tests.</summary>
public static class Rows
{
    public static readonly Schema OneLong = new([new Field("x", Int64Type.Default, false)], null);

    public static readonly Schema OneList =
        new([new Field("v", new ListType(new Field("element", FloatType.Default, false)), true)], null);

    public static RecordBatch Longs(params long[] values) =>
        new(OneLong, [new Int64Array.Builder().AppendRange(values).Build()], values.Length);

    public static RecordBatch NullableLongs(params long?[] values)
    {
        var builder = new Int64Array.Builder();
        foreach (long? value in values)
        {
            builder.Append(value);
        }

        return new RecordBatch(OneLong, [builder.Build()], values.Length);
    }

    public static RecordBatch Lists(params float?[]?[] lists)
    {
        var builder = new ListArray.Builder(FloatType.Default);
        var values = (FloatArray.Builder)builder.ValueBuilder;
        foreach (float?[]? list in lists)
        {
            if (list is null)
            {
                builder.AppendNull();
                continue;
            }

            builder.Append();
            foreach (float? value in list)
            {
                values.Append(value);
            }
        }

        return new RecordBatch(OneList, [builder.Build()], lists.Length);
    }
}
