using OneRec.Export.Ids;

namespace OneRec.Export.Files;

/// <summary>The items of each ID.</summary>
internal static class SidGroups
{
    /// <summary>Groups items that come in the order of their codes.</summary>
    /// <returns>A list an ID, in the order of slots; never empty.</returns>
    public static IEnumerable<IReadOnlyList<ExportedItem>> Of(IEnumerable<ExportedItem> byCodes)
    {
        List<ExportedItem> group = [];
        foreach (ExportedItem item in byCodes)
        {
            if (group.Count > 0 && !group[0].HasIdOf(item))
            {
                yield return group;
                group = [];
            }

            group.Add(item);
        }

        if (group.Count > 0)
        {
            yield return group;
        }
    }
}
