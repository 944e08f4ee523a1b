namespace OneRec.Pipeline.Engine;

/// <summary>What a write does to the rows that are there.</summary>
public abstract record WriteMode
{
    private WriteMode()
    {
    }

    /// <summary>Keeps them.</summary>
    public sealed record Append : WriteMode;

    /// <summary>Replaces them all.</summary>
    public sealed record Overwrite : WriteMode;

    /// <summary>Replaces those whose columns equal the given texts, in the same commit.</summary>
    /// <param name="Equal">Column and value; strings. With partition columns alone no file is rewritten.</param>
    public sealed record Replace(IReadOnlyDictionary<string, string> Equal) : WriteMode;
}
