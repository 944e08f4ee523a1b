using Apache.Arrow.Types;

namespace OneRec.Pipeline.Inputs;

/// <summary>A column of an input.</summary>
/// <param name="Name">Its name, exactly.</param>
/// <param name="Native">The type that the engine reads it as: STRING of CSV and of folders' names, else that of the files.</param>
/// <param name="Type">The type that it is taken for: declared, or inferred, or the files'; null where it has no name in options.</param>
/// <param name="Declared">Whether the options say so.</param>
/// <param name="TimeUnit">What its texts hold where they are times; null where they are none.</param>
public sealed record SourceColumn(string Name, IArrowType Native, ColumnType? Type, bool Declared, TimeUnit? TimeUnit);
