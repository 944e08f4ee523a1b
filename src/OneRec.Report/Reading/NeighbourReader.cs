using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Report.Model;

namespace OneRec.Report.Reading;

/// <summary>Chooses the items to show and finds their neighbours by Swing and by ID.</summary>
/// <param name="engine">The engine.</param>
/// <param name="ids">Kept rows of <c>report_ids.sql</c>.</param>
/// <param name="items">Table <c>items</c>.</param>
/// <param name="similarity">Table <c>item_similarity</c>.</param>
internal sealed class NeighbourReader(IQueryEngine engine, IRelation ids, IRelation items, IRelation similarity)
{
    /// <summary>Number of neighbours shown of each kind.</summary>
    private const int Neighbours = 6;

    /// <summary>Reads the items with their neighbours; the same rows give the same choice.</summary>
    /// <param name="count">Number of items, 0 or more.</param>
    public IReadOnlyList<ExampleReport> Read(int count)
    {
        if (count == 0)
        {
            return [];
        }

        SqlScript choice = SqlScript.Load(typeof(NeighbourReader), "report_examples.sql").With("items", count);
        List<object?[]> chosen = Values.Rows(engine, choice, ("ids", ids), ("items", items));
        ILookup<int, SwingNeighbour> bySwing = BySwing(chosen);
        ILookup<int, ReportItem> bySid = BySid(chosen);
        return
        [
            .. chosen.Select((row, place) => new ExampleReport(
                Item(row[0], row[1], row[2], row[3]),
                [.. bySwing[place]],
                [.. bySid[place]])),
        ];
    }

    private static ReportItem Item(object? id, object? title, object? sid, object? slot) =>
        new(Values.Text(id), (string?)title, (string?)sid, Values.Small(slot));

    private ILookup<int, SwingNeighbour> BySwing(List<object?[]> chosen)
    {
        Schema schema = new([Field("place", Int32Type.Default), IdField()], null);
        IRelation examples = Values.Relation(engine, schema, [.. chosen.Select((row, place) => new[] { place, row[0] })]);
        SqlScript script = SqlScript.Load(typeof(NeighbourReader), "report_swing.sql").With("neighbours", Neighbours);
        return Values.Rows(engine, script, ("examples", examples), ("item_similarity", similarity), ("ids", ids), ("items", items))
            .OrderBy(row => Values.Whole(row[1]))
            .ToLookup(
                row => (int)Values.Whole(row[0]),
                row => new SwingNeighbour(Item(row[2], row[3], row[4], row[5]), Values.Real(row[6]), (int)Values.Whole(row[7])));
    }

    private ILookup<int, ReportItem> BySid(List<object?[]> chosen)
    {
        Schema schema = new(
            [
                Field("place", Int32Type.Default),
                IdField(),
                Field("first_code", Int32Type.Default),
                Field("length", Int32Type.Default),
                Field("prefix", StringType.Default),
            ],
            null);
        IRelation prefixes = Values.Relation(engine, schema, [.. chosen.SelectMany((row, place) => Prefixes(row, place))]);
        SqlScript script = SqlScript.Load(typeof(NeighbourReader), "report_siblings.sql").With("neighbours", Neighbours);
        return Values.Rows(engine, script, ("prefixes", prefixes), ("ids", ids), ("items", items))
            .OrderBy(row => Values.Whole(row[1]))
            .ToLookup(row => (int)Values.Whole(row[0]), row => Item(row[2], row[3], row[4], row[5]));
    }

    // 12-7-99 has the prefixes '12-', '12-7-' and '12-7-99-'.
    private static IEnumerable<object?[]> Prefixes(object?[] row, int place)
    {
        string[] codes = Values.Text(row[2]).Split('-');
        for (int n = 1; n <= codes.Length; n++)
        {
            string prefix = string.Join('-', codes[..n]) + "-";
            yield return [place, row[0], (int)Values.Whole(row[4]), prefix.Length, prefix];
        }
    }

    private static Field Field(string name, IArrowType type) => new(name, type, nullable: false);

    private Field IdField() => Field("item_id", ids.Schema.GetFieldByName("item_id").DataType);
}
