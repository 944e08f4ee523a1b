using System.Globalization;
using OneRec.Pipeline.Engine;

namespace OneRec.Pipeline.Steps.Pairs;

/// <summary>A number of an id, the same on every engine: the first four digits of a hash.</summary>
internal static class IdHash
{
    private const int Digits = 4;

    /// <summary>The SQL of it, 0 to 65,535.</summary>
    /// <param name="column">A column of ids, BIGINT or STRING.</param>
    public static SqlArgument Of(string column) => new SqlArgument.Expression(
        "(" + string.Join(" + ", Enumerable.Range(1, Digits).Select(place => Digit(column, place))) + ")");

    // A digit's place among those above 0; 0 is not found.
    private static string Digit(string column, int place) => string.Create(
        CultureInfo.InvariantCulture,
        $"{1 << (4 * (Digits - place))} * instr('123456789abcdef', substring(md5(CAST({column} AS STRING)), {place}, 1))");
}
