using System.Globalization;
using Apache.Arrow;

namespace OneRec.Report.Reading;

/// <summary>Small results as plain values, independent of the integer type that an engine uses for a count.</summary>
internal static class Values
{
    /// <summary>Reads the rows of a SELECT over relations.</summary>
    public static List<object?[]> Rows(IQueryEngine engine, SqlScript script, params ReadOnlySpan<(string Name, IRelation Relation)> inputs) =>
        RowReader.Read(engine.Collect(engine.Sql(script, inputs)));

    /// <summary>Creates a relation from rows.</summary>
    public static IRelation Relation(IQueryEngine engine, Schema schema, IReadOnlyList<object?[]> rows) =>
        engine.FromRows(schema, rows.Count == 0 ? [] : [RowReader.Build(schema, rows)]);

    /// <summary>A whole number.</summary>
    public static long Whole(object? value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);

    /// <summary>A whole number or null.</summary>
    public static int? Small(object? value) => value is null ? null : Convert.ToInt32(value, CultureInfo.InvariantCulture);

    /// <summary>A number.</summary>
    public static double Real(object? value) => Convert.ToDouble(value, CultureInfo.InvariantCulture);

    /// <summary>A text; numeric ids in plain digits.</summary>
    public static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
