using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Kernels.Batches;

namespace OneRec.Scoring.Embedding;

/// <summary>Kernel <c>token_vectors</c>: the token vectors of items, as an aligned model reads them.</summary>
/// <remarks>
/// Input: as for the kernel <c>embed</c>. Output: <see cref="Output"/>. On the CPU, the result of a row depends only on the
/// row.
/// </remarks>
/// <param name="parameters">The blocks.</param>
/// <param name="pool">Loads each model once per process and device.</param>
public sealed class TokenVectorsKernel(EmbedParameters parameters, EncoderPool pool) : IBatchKernel
{
    /// <summary>The kernel's name.</summary>
    public const string Name = "token_vectors";

    /// <summary>
    /// <c>item_id</c>, for each block b <c>tokens_b</c> (float16 [n, dimensions], row-major little-endian; empty without data)
    /// and <c>dimensions_b</c>, and <c>problem</c> (null if there is none).
    /// </summary>
    /// <param name="id">The type of <c>item_id</c>: int64 or string.</param>
    /// <param name="blocks">Number of blocks.</param>
    public static Schema Output(IArrowType id, int blocks)
    {
        IEnumerable<Field> columns = Enumerable.Range(0, blocks).SelectMany(b => new[]
        {
            new Field($"tokens_{b}", BinaryType.Default, nullable: false),
            new Field($"dimensions_{b}", Int32Type.Default, nullable: false),
        });
        return new Schema(
            [new Field("item_id", id, nullable: false), .. columns, new Field("problem", StringType.Default, nullable: true)], null);
    }

    /// <inheritdoc/>
    /// <exception cref="OneRecException">A model does not load, or its output for an item is not finite.</exception>
    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context) =>
        new BlockStream(parameters, pool).Run(rows, context, sources => chunk => Make(chunk, sources));

    /// <summary>A block's token vectors of a chunk.</summary>
    internal static TokenRows Read(EmbedChunk chunk, BlockSource source)
    {
        var rows = new TokenRows(chunk.Count, source.Dimensions);
        BlockStream.Name(chunk, () => source.ReadTokens(chunk.Input, chunk.Start, rows));
        return rows;
    }

    private static RecordBatch Make(EmbedChunk chunk, BlockSource[] sources)
    {
        TokenRows[] blocks = [.. sources.Select(s => Read(chunk, s))];
        var problems = new StringArray.Builder();
        var columns = new List<IArrowArray>();
        foreach (TokenRows block in blocks)
        {
            columns.Add(Bytes(block));
            columns.Add(new Int32Array.Builder().AppendRange(Enumerable.Repeat(block.Dimensions, chunk.Count)).Build());
        }

        for (int i = 0; i < chunk.Count; i++)
        {
            problems.Append(EmbedRow.Of(blocks, i, sources).Problem);
        }

        IArrowArray ids = EmbedOutput.CopyIds(chunk.Input.Ids, chunk.Start, chunk.Count);
        return new RecordBatch(Output(ids.Data.DataType, blocks.Length), [ids, .. columns, problems.Build()], chunk.Count);
    }

    private static BinaryArray Bytes(TokenRows block)
    {
        var column = new BinaryArray.Builder();
        for (int i = 0; i < block.Count; i++)
        {
            ReadOnlySpan<float> vectors = block.Vectors(i);
            var narrow = new Half[vectors.Length];
            TensorPrimitives.ConvertToHalf(vectors, narrow);
            if (narrow.AsSpan().ContainsAny(Half.PositiveInfinity, Half.NegativeInfinity))
            {
                block.SetProblem(i, "a value of its token vectors is beyond the range of float16");
            }

            column.Append(MemoryMarshal.AsBytes(narrow.AsSpan()));
        }

        return column.Build();
    }
}
