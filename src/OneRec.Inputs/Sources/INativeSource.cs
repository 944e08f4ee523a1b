using OneRec.Core;
using OneRec.Inputs.Files;

namespace OneRec.Inputs.Sources;

/// <summary>A source whose columns have types of their own.</summary>
internal interface INativeSource
{
    /// <summary>The files.</summary>
    InputFiles Files { get; }

    /// <summary>The rows: every column as its native type.</summary>
    IRelation Read(IQueryEngine engine);

    /// <summary>Reads the files to their ends.</summary>
    /// <exception cref="OneRecException">One is missing, cut off or damaged (exit 3).</exception>
    void RequireWhole();
}
