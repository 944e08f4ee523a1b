using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;

namespace OneRec.TestWorker;

/// <summary>Output a row a run, another one each time that it runs: a test sees whether rows were computed once.</summary>
public sealed class StampKernel : IBatchKernel
{
    public const string Name = "test-stamp";

    public static Schema Output { get; } = new([new Field("stamp", StringType.Default, nullable: false)], null);

    public static KernelCall Call { get; } = new(Name, [], Output);

    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        foreach (RecordBatch _ in rows)
        {
            // Read to the end: a socket closed with unread input would lose what we say.
        }

        yield return new RecordBatch(Output, [new StringArray.Builder().Append($"{Guid.NewGuid()}").Build()], 1);
    }
}
