using System.Xml.Linq;
using OneRec.Report.Markup;

namespace OneRec.Report.Page;

/// <summary>Semantic IDs on the page.</summary>
internal static class Sid
{
    /// <summary>Shows an ID with its leading codes marked.</summary>
    /// <param name="sid">Codes joined by <c>-</c>; null if there is none.</param>
    /// <param name="shared">Number of leading codes to mark; 0 for none.</param>
    public static XElement Show(string? sid, int shared = 0)
    {
        if (sid is null)
        {
            return Html.Tag("span.missing", "no ID");
        }

        string[] codes = sid.Split('-');
        shared = Math.Clamp(shared, 0, codes.Length);
        string head = string.Join('-', codes[..shared]);
        string tail = string.Join('-', codes[shared..]);
        return Html.Tag(
            "code.sid",
            shared == 0 ? null : Html.Tag("mark", head),
            shared > 0 && tail.Length > 0 ? "-" : null,
            tail.Length > 0 ? tail : null);
    }
}
