using OneRec.Inputs.Columns;
using OneRec.Inputs.Sources;

namespace OneRec.Inputs.Log;

/// <summary>The log's positive interactions, as a step reads them.</summary>
/// <param name="Rows">
/// <c>user_id</c> and <c>item_id</c> (each BIGINT or STRING), <c>event_time</c> BIGINT microseconds since 1970; no nulls.
/// Repeated clicks are kept.
/// </param>
/// <param name="Count">Number of interactions, repeated ones included; at least 1.</param>
/// <param name="BadRows">Rows that were excluded because they could not be parsed; empty if bad rows are an error.</param>
/// <param name="Source">The path, for messages.</param>
/// <param name="Types">The columns read with their types, as stored in <c>runs</c>.</param>
public sealed record LogClicks(IRelation Rows, long Count, IReadOnlyList<BadRow> BadRows, string Source, string Types)
{
    /// <summary>Whether <c>event_time</c> has times; otherwise it is 0.</summary>
    public bool HasTimes { get; init; }

    /// <summary>The item ids.</summary>
    public required ItemIds ItemIds { get; init; }
}
