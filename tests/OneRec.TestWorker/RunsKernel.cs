using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;

namespace OneRec.TestWorker;

/// <summary>
/// Keyed work in small: input <c>k</c> BIGINT, <c>t</c> BIGINT, sorted by both; output a row a run of equal <c>k</c>,
/// cut across batches: the key, its rows, all <c>t</c> in order, and the batches it spanned.
/// </summary>
/// <remarks>A key that comes again after another one gives two rows: the test then sees that its rows were not together.</remarks>
public sealed class RunsKernel : IBatchKernel
{
    public const string Name = "test-runs";

    public static Schema Output { get; } = new(
        [
            new Field("k", Int64Type.Default, nullable: true),
            new Field("n", Int64Type.Default, nullable: false),
            new Field("ts", new ListType(new Field("element", Int64Type.Default, nullable: false)), nullable: false),
            new Field("batches", Int32Type.Default, nullable: false),
        ],
        null);

    public static KernelCall Call { get; } = new(Name, [], Output);

    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        List<long> times = [];
        long? key = null;
        int batches = 0;
        foreach (RecordBatch batch in rows)
        {
            var k = (Int64Array)batch.Column("k");
            var t = (Int64Array)batch.Column("t");
            batches++;
            for (int i = 0; i < batch.Length; i++)
            {
                if (times.Count > 0 && k.GetValue(i) != key)
                {
                    yield return Row(key, times, batches);
                    times = [];
                    batches = 1;
                }

                key = k.GetValue(i);
                times.Add(t.GetValue(i)!.Value);
            }
        }

        if (times.Count > 0)
        {
            yield return Row(key, times, batches);
        }
    }

    private static RecordBatch Row(long? key, List<long> times, int batches)
    {
        var lists = new ListArray.Builder(((ListType)Output.GetFieldByName("ts").DataType).ValueField);
        lists.Append();
        ((Int64Array.Builder)lists.ValueBuilder).AppendRange(times);
        var k = new Int64Array.Builder();
        return new RecordBatch(
            Output,
            [
                (key is { } value ? k.Append(value) : k.AppendNull()).Build(),
                new Int64Array.Builder().Append(times.Count).Build(),
                lists.Build(),
                new Int32Array.Builder().Append(batches).Build(),
            ],
            1);
    }
}
