using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;

namespace OneRec.TestWorker;

/// <summary>Rows there and back for timing: gives what it gets, or, drained, the number of its rows.</summary>
public sealed class EchoKernel(bool drain) : IBatchKernel
{
    public const string Name = "test-echo";

    public static Schema Drained { get; } = new([new Field("n", Int64Type.Default, nullable: false)], null);

    /// <summary>Gives rows of a schema back as they are.</summary>
    public static KernelCall Echo(Schema schema) => new(Name, new JsonObject { ["drain"] = false }, schema);

    /// <summary>Counts rows.</summary>
    public static KernelCall Drain() => new(Name, new JsonObject { ["drain"] = true }, Drained);

    public static EchoKernel Create(JsonObject parameters) => new((bool)parameters["drain"]!);

    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        long n = 0;
        foreach (RecordBatch batch in rows)
        {
            n += batch.Length;
            if (!drain)
            {
                yield return new RecordBatch(batch.Schema, batch.Arrays.Select(SharedColumn.Of), batch.Length);
            }
        }

        if (drain)
        {
            yield return new RecordBatch(Drained, [new Int64Array.Builder().Append(n).Build()], 1);
        }
    }
}
