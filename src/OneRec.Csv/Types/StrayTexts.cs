namespace OneRec.Csv.Types;

/// <summary>The texts of a column that are not of the type that other texts of it have.</summary>
/// <param name="Type">The type of the others.</param>
/// <param name="First">The first such text.</param>
/// <param name="Place">Where the first one is: what was given with it.</param>
/// <param name="Count">Number of such texts; at least 1.</param>
/// <param name="Seen">Number of all texts; more than <paramref name="Count"/>.</param>
public sealed record StrayTexts(ColumnType Type, string First, int Place, long Count, long Seen)
{
    // Ids such as 'guest' among numbers are more often than this; a damaged value is rarer.
    private const int FewOf = 1_000;
    private const int NotableOf = 100;
    private const int TimesOf = 10;

    /// <summary>Whether they are bad values in a column of the type: at most one in 1,000 of 1,000 or more texts.</summary>
    public bool AreBad => Seen >= FewOf && Count * FewOf <= Seen;

    /// <summary>Whether a reader should be told of them: at most one in 100 of 100 or more texts.</summary>
    public bool AreNotable => Seen >= NotableOf && Count * NotableOf <= Seen;

    /// <summary>Whether they are bad times: at most one in 10 texts. No text beside times can be right.</summary>
    public bool AreBadTimes => Count * TimesOf <= Seen;

    /// <summary>Whether most texts are of the type.</summary>
    public bool AreMinority => 2 * Count < Seen;
}
