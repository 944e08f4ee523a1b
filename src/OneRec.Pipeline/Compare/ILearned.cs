namespace OneRec.Pipeline.Compare;

/// <summary>What <c>compare</c> trains itself, for the comparison alone; nothing of it is kept.</summary>
public interface ILearned
{
    /// <summary>A linear map of embeddings, trained on pairs with the loss and the steps of <c>align</c>.</summary>
    /// <param name="vectors">[items, d] row-major.</param>
    /// <param name="d">Length of a vector.</param>
    /// <param name="pairs">Training pairs.</param>
    /// <param name="work">Options, and a place for lines.</param>
    /// <returns>[items, d].</returns>
    float[] Linear(float[] vectors, int d, IReadOnlyList<(int First, int Second)> pairs, Running.IWork work);

    /// <summary>Codes by an RQ-VAE trained on embeddings.</summary>
    /// <param name="vectors">[items, d] row-major.</param>
    /// <param name="d">Length of a vector.</param>
    /// <param name="sizes">Number of codes at each level.</param>
    /// <param name="work">Options, and a place for lines.</param>
    /// <returns>The codes of each item, and the mean squared error after each level.</returns>
    (int[][] Codes, double[] Errors) RqVae(float[] vectors, int d, IReadOnlyList<int> sizes, Running.IWork work);
}
