using OneRec.Core;
using OneRec.Pipeline.Configuration;

namespace OneRec.Pipeline.Inputs;

/// <summary>Section <c>input</c>: where interactions, catalogue and vectors are.</summary>
public sealed record InputOptions
{
    /// <summary>
    /// Given vectors keyed by <c>item_id</c>: a Delta table, a folder of Parquet files or one file, with a column
    /// <c>tokens</c> array&lt;array&lt;float&gt;&gt;, or <c>embedding</c> array&lt;float&gt; for one vector an item.
    /// </summary>
    /// <value>Default null: none.</value>
    [ConfigPath]
    public string? Tokens { get; init; }

    /// <summary>Adds a line per bad key; never throws.</summary>
    public void Validate(Problems problems) => ArgumentNullException.ThrowIfNull(problems);
}
