using Apache.Arrow;

namespace OneRec.Pipeline.Queries;

/// <summary>Rows for a person or a program, streamed.</summary>
/// <param name="Schema">Columns.</param>
/// <param name="Batches">Batches that the caller disposes.</param>
public sealed record QueryResult(Schema Schema, IEnumerable<RecordBatch> Batches);
