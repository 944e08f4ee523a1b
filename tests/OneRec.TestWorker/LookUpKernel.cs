using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;

namespace OneRec.TestWorker;

/// <summary>
/// A side input in small: input <c>item_id</c> BIGINT and <c>code</c> INT; side <c>codebook</c> of rows (<c>code</c> INT,
/// <c>centroid</c> array&lt;float&gt;) in ascending code; output <c>item_id</c> and the code's centroid times
/// <c>factor</c>.
/// </summary>
public sealed class LookUpKernel(float factor) : IBatchKernel
{
    public const string Name = "test-look-up";

    private static readonly ListType Vector = new(new Field("element", FloatType.Default, nullable: false));

    public static Schema Output { get; } = new(
        [new Field("item_id", Int64Type.Default, nullable: false), new Field("embedding", Vector, nullable: false)],
        null);

    public static KernelCall Call(float factor) => new(Name, new JsonObject { ["factor"] = factor }, Output);

    public static LookUpKernel Create(JsonObject parameters) => new((float)parameters["factor"]!);

    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        List<float[]> codebook = [];
        foreach (RecordBatch batch in context.Side("codebook"))
        {
            var codes = (Int32Array)batch.Column("code");
            var centroids = (ListArray)batch.Column("centroid");
            for (int i = 0; i < batch.Length; i++)
            {
                if (codes.GetValue(i) != codebook.Count)
                {
                    throw new InvalidOperationException($"code {codes.GetValue(i)} where {codebook.Count} is due: the side lost its order");
                }

                codebook.Add([.. ((FloatArray)centroids.GetSlicedValues(i)).Select(v => v!.Value)]);
            }
        }

        foreach (RecordBatch batch in rows)
        {
            var ids = (Int64Array)batch.Column("item_id");
            var codes = (Int32Array)batch.Column("code");
            var vectors = new ListArray.Builder(Vector.ValueField);
            var values = (FloatArray.Builder)vectors.ValueBuilder;
            for (int i = 0; i < batch.Length; i++)
            {
                vectors.Append();
                foreach (float value in codebook[codes.GetValue(i)!.Value])
                {
                    values.Append(value * factor);
                }
            }

            yield return new RecordBatch(
                Output,
                [new Int64Array.Builder().AppendRange(ids.Select(v => v!.Value)).Build(), vectors.Build()],
                batch.Length);
        }
    }
}
