using OneRec.Inputs.Sources;

namespace OneRec.Inputs.Catalogue;

/// <summary>Reads the catalogue with one more text per item, <c>slice</c>, and without the partitions that no slice needs.</summary>
/// <param name="Expression">An SQL expression over the catalogue's columns; null: the text is null.</param>
/// <param name="Option">The option that has it, for messages.</param>
/// <param name="IsWanted">Whether a slice is read.</param>
public sealed record CatalogueSlices(string? Expression, string Option, Func<string, bool> IsWanted)
{
    /// <summary>The source without partitions that are not wanted, where the expression is the name of a partition column.</summary>
    internal InputSource Prune(InputSource source)
    {
        int column = Expression is null ? -1 : source.PartitionColumns.ToList().IndexOf(Expression.Trim());
        if (column < 0)
        {
            return source;
        }

        int[] wanted = [.. Enumerable.Range(0, source.Partitions.Count).Where(p => IsWanted(source.Partitions[p][column] ?? ""))];
        return wanted.Length == source.Partitions.Count ? source : source.WithPartitions(wanted);
    }
}
