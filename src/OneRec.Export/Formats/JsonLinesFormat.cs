using OneRec.Core;
using OneRec.Export.Files;
using OneRec.Export.Folder;
using OneRec.Export.Ids;

namespace OneRec.Export.Formats;

/// <summary>JSON lines, both ways.</summary>
internal sealed class JsonLinesFormat : IExportFormat
{
    public string Name => "jsonl";

    public string Summary => "JSON lines, from items to IDs and from IDs to items";

    public string Files => "item_to_sid.jsonl, sid_to_items.jsonl";

    public TwinPolicy Twins => TwinPolicy.Share;

    public IReadOnlyList<Fact> Write(ExportedIds ids, ExportFolder folder, string place)
    {
        using (var lines = new JsonLines(folder.Create("item_to_sid.jsonl")))
        {
            foreach (ExportedItem item in ids.ByItem("items", withTexts: true))
            {
                lines.Add(json =>
                {
                    json.WritePropertyName("item_id");
                    JsonLines.WriteId(json, item.Id);
                    json.WriteString("sid", item.Sid);
                    JsonLines.WriteCodes(json, "codes", item.Codes);
                    json.WriteNumber("slot", item.Slot);
                    json.WriteString("title", item.Title);
                });
            }
        }

        using var groups = new JsonLines(folder.Create("sid_to_items.jsonl"));
        foreach (IReadOnlyList<ExportedItem> group in SidGroups.Of(ids.ByCodes("IDs")))
        {
            groups.Add(json =>
            {
                json.WriteString("sid", group[0].Sid);
                JsonLines.WriteCodes(json, "codes", group[0].Codes);
                json.WriteStartArray("items");
                foreach (ExportedItem item in group)
                {
                    JsonLines.WriteId(json, item.Id);
                }

                json.WriteEndArray();
            });
        }

        return [];
    }
}
