using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Kernels.Batches;

namespace OneRec.TestWorker;

/// <summary>What goes wrong in a kernel, by name: <c>input</c>, <c>bug</c>, <c>null-element</c>; else it takes rows and gives none.</summary>
public sealed class FaultKernel(string fault) : IBatchKernel
{
    public const string Name = "test-fault";

    private static readonly ListType Vector = new(new Field("element", FloatType.Default, nullable: false));

    public static Schema Output { get; } = new([new Field("v", Vector, nullable: true)], null);

    public static KernelCall Call(string fault) => new(Name, new JsonObject { ["fault"] = fault }, Output);

    public static FaultKernel Create(JsonObject parameters) => new((string)parameters["fault"]!);

    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        foreach (RecordBatch _ in rows)
        {
            switch (fault)
            {
                case "input":
                    throw OneRecException.Input("input.vector", "item 7 'é✓': a vector of 3 floats where 4 are due");
                case "bug":
                    throw new InvalidOperationException("not foreseen");
                case "null-element":
                    var vectors = new ListArray.Builder(FloatType.Default);
                    vectors.Append();
                    ((FloatArray.Builder)vectors.ValueBuilder).Append(1f).AppendNull();
                    yield return new RecordBatch(Output, [vectors.Build()], 1);
                    break;
            }
        }
    }
}
