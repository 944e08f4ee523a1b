using System.Globalization;
using Apache.Arrow;

namespace OneRec.Report.Reading;

/// <summary>Small results as plain values, whichever integer type an engine gives a count.</summary>
internal static class Values
{
    /// <summary>The rows of a SELECT over relations.</summary>
    public static List<object?[]> Rows(IEngine engine, SqlScript script, params ReadOnlySpan<(string Name, IRelation Relation)> inputs) =>
        RowReader.Read(engine.Collect(engine.Sql(script, inputs)));

    /// <summary>A relation of rows made here.</summary>
    public static IRelation Relation(IEngine engine, Schema schema, IReadOnlyList<object?[]> rows) =>
        engine.FromRows(schema, rows.Count == 0 ? [] : [RowReader.Build(schema, rows)]);

    /// <summary>A whole number.</summary>
    public static long Whole(object? value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);

    /// <summary>A whole number or nothing.</summary>
    public static int? Small(object? value) => value is null ? null : Convert.ToInt32(value, CultureInfo.InvariantCulture);

    /// <summary>A number.</summary>
    public static double Real(object? value) => Convert.ToDouble(value, CultureInfo.InvariantCulture);

    /// <summary>A text; ids that are numbers in plain digits.</summary>
    public static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
