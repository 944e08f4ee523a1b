using OneRec.Core;
using OneRec.Inputs.Files;

namespace OneRec.Inputs.Sources;

/// <summary>A source with typed columns.</summary>
internal interface INativeSource
{
    /// <summary>The files.</summary>
    InputFiles Files { get; }

    /// <summary>Reads the rows, every column as its native type.</summary>
    IRelation Read(IQueryEngine engine);

    /// <summary>Looks for the reason why an engine failed to read the source: reads local files to their ends.</summary>
    /// <exception cref="OneRecException">A file is missing, truncated or damaged (exit 3).</exception>
    void RequireWhole();
}
