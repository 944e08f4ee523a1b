using Apache.Arrow;

namespace OneRec.Engine.Local.Vectors;

/// <summary>Reads rows of vectors forward, from a part of a file.</summary>
internal interface IVectorReader : IDisposable
{
    /// <summary>Bytes of the part's vectors in the file.</summary>
    long Bytes { get; }

    /// <summary>Whether a row is in the part and was not skipped.</summary>
    /// <param name="row">Its index in the file.</param>
    bool Reaches(long row);

    /// <summary>Reads a row.</summary>
    /// <param name="row">Its index in the file; rows before it are skipped.</param>
    /// <param name="ids">Ids of the catalogue.</param>
    /// <param name="id">The index of the id that the row must have.</param>
    /// <param name="rows">Receives its vectors.</param>
    /// <returns>False if the row has another id.</returns>
    bool TryRead(long row, IArrowArray ids, int id, VectorRows rows);
}
