using System.Globalization;

namespace OneRec.Pipeline.Steps;

/// <summary>The hash behind every order-independent choice as SQL: <see cref="Core.StableHash.Order32"/> is its beginning.</summary>
internal static class OrderHash
{
    /// <summary>The SQL expression of the MD5, 32 hex digits: of <c>seed|purpose|length|id</c>.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="purpose">A word for the choice, such as <c>holdout</c>.</param>
    /// <param name="id">SQL expressions whose texts form the id, joined by <c>|</c>.</param>
    public static SqlArgument Of(long seed, string purpose, params ReadOnlySpan<string> id) =>
        new SqlArgument.Expression(Text(seed, purpose, id));

    /// <summary>The SQL expression of the first hex digits of the MD5.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="purpose">A word for the choice.</param>
    /// <param name="digits">How many digits.</param>
    /// <param name="id">SQL expressions whose texts form the id.</param>
    public static SqlArgument Start(long seed, string purpose, int digits, params ReadOnlySpan<string> id) => new SqlArgument.Expression(
        string.Create(CultureInfo.InvariantCulture, $"substring({Text(seed, purpose, id)}, 1, {digits})"));

    /// <summary>The SQL expression of the number that the first digits of a hash are: numbers sort faster than texts.</summary>
    /// <param name="hash">An expression of lower-case hex digits, named once: Spark plans for minutes what is built of many parts.</param>
    /// <param name="digits">How many of them, at most 15.</param>
    public static SqlArgument Number(string hash, int digits) => new SqlArgument.Expression(string.Create(
        CultureInfo.InvariantCulture, $"CAST(conv(substring({hash}, 1, {digits}), 16, 10) AS BIGINT)"));

    private static string Text(long seed, string purpose, ReadOnlySpan<string> id)
    {
        string[] texts = [.. id.ToArray().Select(part => $"CAST({part} AS STRING)")];
        string text = texts.Length == 1 ? texts[0] : $"concat_ws('|', {string.Join(", ", texts)})";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"md5(concat_ws('|', '{seed}', '{purpose}', CAST(length({text}) AS STRING), {text}))");
    }
}
