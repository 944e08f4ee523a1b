using Apache.Arrow;

namespace OneRec.Cli.Output;

/// <summary>Rows to print: a schema and a stream of batches.</summary>
/// <param name="schema">The columns.</param>
/// <param name="batches">The rows; read once, each batch disposed after it is printed.</param>
/// <param name="owner">Disposed with the rows, such as the engine that produces them.</param>
internal sealed class RowSet(Schema schema, IEnumerable<RecordBatch> batches, IDisposable? owner = null) : IDisposable
{
    /// <summary>The columns.</summary>
    public Schema Schema { get; } = schema;

    /// <summary>The rows; read once.</summary>
    public IEnumerable<RecordBatch> Batches { get; } = batches;

    /// <inheritdoc/>
    public void Dispose() => owner?.Dispose();
}
