using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;

namespace OneRec.TestWorker;

/// <summary>
/// Input <c>part</c> INT, <c>x</c> BIGINT, and side input <c>others</c> of the same columns; output a row a run that has
/// rows: its part, the sum of the others' <c>x</c>, its rows, and whether they came sorted by <c>x</c> and of one part.
/// </summary>
public sealed class PartsKernel : IBatchKernel
{
    public const string Name = "test-parts";

    public static Schema Output { get; } = new(
        [
            new Field("part", Int32Type.Default, nullable: false),
            new Field("others", Int64Type.Default, nullable: false),
            new Field("n", Int64Type.Default, nullable: false),
            new Field("sorted", BooleanType.Default, nullable: false),
        ],
        null);

    public static KernelCall Call { get; } = new(Name, [], Output);

    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        long others = context.Side("others").Sum(batch => ((Int64Array)batch.Column("x")).Sum(x => x ?? 0));
        long n = 0;
        int part = -1;
        long last = long.MinValue;
        bool sorted = true;
        foreach (RecordBatch batch in rows)
        {
            var x = (Int64Array)batch.Column("x");
            var parts = (Int32Array)batch.Column("part");
            for (int i = 0; i < batch.Length; i++)
            {
                sorted &= x.GetValue(i) >= last && (n == 0 || parts.GetValue(i) == part);
                last = x.GetValue(i)!.Value;
                part = parts.GetValue(i)!.Value;
                n++;
            }
        }

        if (n > 0)
        {
            yield return new RecordBatch(
                Output,
                [
                    new Int32Array.Builder().Append(part).Build(),
                    new Int64Array.Builder().Append(others).Build(),
                    new Int64Array.Builder().Append(n).Build(),
                    new BooleanArray.Builder().Append(sorted).Build(),
                ],
                1);
        }
    }
}
