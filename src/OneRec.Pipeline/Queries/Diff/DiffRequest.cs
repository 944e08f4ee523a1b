namespace OneRec.Pipeline.Queries.Diff;

/// <summary>What <c>diff</c> is asked for.</summary>
/// <param name="From">The IDs before (<see cref="DiffSide"/>); null: those of the codebook that was published before the current one.</param>
/// <param name="To">The IDs after; null: the current ones.</param>
/// <param name="Prefix">Only items that have this prefix before or after; null: all.</param>
/// <param name="Most">Prefixes and examples shown, 1 to <see cref="DiffQuery.MaxShown"/>.</param>
public sealed record DiffRequest(string? From, string? To, string? Prefix, int Most);
