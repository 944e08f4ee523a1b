using OneRec.Kernels.Batches;
using OneRec.Scoring.Embedding;

namespace OneRec.Scoring;

/// <summary>Registers the kernels that run models.</summary>
public static class ScoringKernels
{
    /// <summary>
    /// Adds <c>embed</c>, <c>token_vectors</c>, <c>token_length</c>, <c>token_hash</c> and <c>token_check</c>. The registry owns one pool of models, so each model is loaded once per process
    /// and shared by all tasks.
    /// </summary>
    /// <returns>The registry.</returns>
    public static KernelRegistry Register(KernelRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        var pool = new EncoderPool();
        return registry
            .Add(EmbedKernel.Name, parameters => new EmbedKernel(EmbedParameters.FromJson(parameters), pool))
            .Add(TokenVectorsKernel.Name, parameters => new TokenVectorsKernel(EmbedParameters.FromJson(parameters), pool))
            .Add(TokenLengthKernel.Name, parameters => new TokenLengthKernel((string?)parameters["column"] ?? "tokens"))
            .Add(TokenHashKernel.Name, parameters => new TokenHashKernel((string?)parameters["column"] ?? "tokens"))
            .Add(TokenCheckKernel.Name, parameters => new TokenCheckKernel((string?)parameters["column"] ?? "tokens"));
    }
}
