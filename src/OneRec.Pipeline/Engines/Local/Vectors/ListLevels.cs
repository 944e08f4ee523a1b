using OneRec.Pipeline.Inputs;

namespace OneRec.Pipeline.Engines.Local.Vectors;

/// <summary>What the definition levels of a list of vectors mean: each level is the least at which something is there.</summary>
/// <param name="Row">The row is not null.</param>
/// <param name="Vector">It has a vector.</param>
/// <param name="Content">That vector is not null.</param>
/// <param name="Element">It has a value.</param>
/// <param name="Value">That value is not null.</param>
/// <param name="Repetition">The repetition level of a value that goes on with the vector before it.</param>
internal readonly record struct ListLevels(short Row, short Vector, short Content, short Element, short Value, short Repetition)
{
    /// <summary>The levels of a column: of lists of lists, or of lists that are one vector a row.</summary>
    public static ListLevels Of(ParquetLeaf leaf)
    {
        short row = (short)(leaf.Repeated[0] - 1);
        short element = leaf.Repeated[^1];
        return leaf.Repeated.Count == 1
            ? new ListLevels(row, row, row, element, leaf.Definition, 1)
            : new ListLevels(row, leaf.Repeated[0], (short)(element - 1), element, leaf.Definition, 2);
    }
}
