using System.Globalization;
using OneRec.Core;

namespace OneRec.Pipeline.Queries.Prefixes;

/// <summary>A prefix of semantic IDs, such as <c>12-7</c>; without codes it is that of all IDs.</summary>
/// <param name="Codes">The codes.</param>
internal sealed record PrefixText(IReadOnlyList<int> Codes)
{
    /// <summary>How the SQL of this folder finds the items below it.</summary>
    public string Parent => string.Concat(Codes.Select(c => $"{c.ToString(CultureInfo.InvariantCulture)}-"));

    /// <summary>The prefix that this one is a child of.</summary>
    public PrefixText Above => new([.. Codes.Take(Codes.Count - 1)]);

    /// <summary>A prefix that a user wrote.</summary>
    /// <exception cref="OneRecException">It is no prefix, or longer than an ID (exit 2).</exception>
    public static PrefixText Parse(string text, int levels)
    {
        string[] parts = text.Split('-');
        if (!parts.All(c => ushort.TryParse(c, NumberStyles.None, CultureInfo.InvariantCulture, out _) && !c.Contains('\0', StringComparison.Ordinal)))
        {
            throw OneRecException.Configuration("prefix.text", $"'{text}' is not a prefix of a semantic ID; write codes joined by '-', such as 12-7");
        }

        return parts.Length <= levels
            ? new PrefixText([.. parts.Select(c => (int)ushort.Parse(c, CultureInfo.InvariantCulture))])
            : throw OneRecException.Configuration("prefix.length", $"'{text}' has {parts.Length} codes, but IDs have {levels}");
    }

    /// <summary>The SQL of the prefix of an ID.</summary>
    /// <param name="codes">Its number of codes, at least 1.</param>
    /// <param name="sid">The column of the ID.</param>
    public static SqlArgument OfSid(int codes, string sid = "sid") => new SqlArgument.Expression(
        $"concat_ws('-', {string.Join(", ", Enumerable.Range(1, codes).Select(n => $"split_part({sid}, '-', {n})"))})");

    /// <inheritdoc/>
    public override string ToString() => string.Join('-', Codes);
}
