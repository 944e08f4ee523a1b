using OneRec.Inputs.Columns;
using OneRec.Inputs.Files;

namespace OneRec.Inputs.Sources;

/// <summary>A source whose partitions are folders of files.</summary>
public abstract class FileSource(InputFiles files, IEnumerable<SourceColumn> columns) : InputSource(files, columns)
{
    private IReadOnlyList<IReadOnlyList<string?>>? _partitions;
    private int[][]? _filesOf;

    /// <inheritdoc/>
    public override IReadOnlyList<string> PartitionColumns => Files.Partitions?.Columns ?? [];

    /// <inheritdoc/>
    public override IReadOnlyList<IReadOnlyList<string?>> Partitions
    {
        get
        {
            Group();
            return _partitions!;
        }
    }

    /// <inheritdoc/>
    public override InputSource WithPartitions(IReadOnlyList<int> indexes)
    {
        ArgumentNullException.ThrowIfNull(indexes);
        Group();
        return With(Files.Some([.. indexes.SelectMany(p => _filesOf![p]).Order()]));
    }

    /// <summary>Creates the same source over a subset of its files.</summary>
    protected abstract FileSource With(InputFiles files);

    private void Group()
    {
        if (_filesOf is not null)
        {
            return;
        }

        var groups = Enumerable.Range(0, Files.Partitions is null ? 0 : Files.Files.Count)
            .GroupBy(f => string.Concat(Files.Partitions!.Values[f].Select(v => v is null ? "-" : $"{v.Length}:{v}")), StringComparer.Ordinal)
            .Select(g => g.ToArray())
            .ToArray();
        _partitions = [.. groups.Select(g => Files.Partitions!.Values[g[0]])];
        _filesOf = groups;
    }
}
