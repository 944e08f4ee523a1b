namespace OneRec.Pipeline.Engines.Local.Vectors;

/// <summary>The vectors of a row group, one row after the other; holds a page of the file, or a few values, at a time.</summary>
internal abstract class VectorColumn : IDisposable
{
    /// <summary>Passes rows over.</summary>
    public abstract void Skip(long rows);

    /// <summary>Adds the next row's vectors.</summary>
    /// <param name="rows">Rows of the same kind.</param>
    public abstract void Read(VectorRows rows);

    /// <inheritdoc/>
    public abstract void Dispose();
}
