using System.Numerics.Tensors;
using OneRec.Scoring.Manifests;
using OneRec.Scoring.Vectors;

namespace OneRec.Scoring.Onnx;

/// <summary>Looks for values that are not finite in what a model returned for several rows, in any order.</summary>
/// <param name="model">The model, for the error.</param>
internal sealed class FiniteRows(IModelFiles model)
{
    private int _bad = int.MaxValue;

    /// <summary>Looks at a row's vectors.</summary>
    public void Check(int row, ReadOnlySpan<float> vectors) =>
        _bad = TensorPrimitives.IsFiniteAll(vectors) ? _bad : Math.Min(_bad, row);

    /// <summary>Throws if a row had such a value.</summary>
    /// <exception cref="RowFailure">Engine error <c>model.not-finite</c> for the first such row.</exception>
    public void Require()
    {
        if (_bad != int.MaxValue)
        {
            throw new RowFailure(_bad, OnnxSignature.NotFinite(model));
        }
    }
}
