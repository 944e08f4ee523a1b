using OneRec.Core;

namespace OneRec.Delta;

/// <summary>Where a column comes from, to name it when it does not fit.</summary>
/// <param name="Kind"><see cref="ErrorKind.Input"/> for rows to be written, <see cref="ErrorKind.Table"/> for a file read.</param>
/// <param name="Table">The table's folder.</param>
/// <param name="Source">Appended to the table's name in the message, such as a file; may be empty.</param>
/// <param name="Column">The column.</param>
/// <param name="FirstRow">The number of the batch's first row, from 0.</param>
internal readonly record struct CastPlace(ErrorKind Kind, string Table, string Source, string Column, long FirstRow)
{
    public OneRecException Fail(string code, string what) => new(Kind, code, $"{Table}{Source}: column '{Column}' {what}");

    public OneRecException FailAt(long row, string code, string what) =>
        Fail(code, $"row {FirstRow + row} (from 0) {what}");
}
