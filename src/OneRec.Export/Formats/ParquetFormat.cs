using OneRec.Core;
using OneRec.Export.Files;
using OneRec.Export.Folder;
using OneRec.Export.Ids;

namespace OneRec.Export.Formats;

/// <summary>Parquet, both ways.</summary>
internal sealed class ParquetFormat : IExportFormat
{
    public string Name => "parquet";

    public string Summary => "Parquet, from items to IDs and from IDs to items";

    public string Files => "item_to_sid.parquet, sid_to_items.parquet";

    public TwinPolicy Twins => TwinPolicy.Share;

    public IReadOnlyList<Fact> Write(ExportedIds ids, ExportFolder folder, string place)
    {
        WriteItems(ids, folder);
        WriteIds(ids, folder);
        return [];
    }

    private static void WriteItems(ExportedIds ids, ExportFolder folder)
    {
        var id = new IdColumn("item_id", ids.HasTextIds);
        var sid = new TextColumn("sid");
        var codes = new NumbersColumn("codes");
        var slot = new NumberColumn("slot");
        var title = new TextColumn("title");
        using var file = new ParquetFile(folder.PathOf("item_to_sid.parquet"), id, sid, codes, slot, title);
        foreach (ExportedItem item in ids.ByItem("items", withTexts: true))
        {
            id.Add(item.Id);
            sid.Add(item.Sid);
            codes.Add(item.Codes);
            slot.Add(item.Slot);
            title.Add(item.Title);
            file.EndRow();
        }

        file.Finish();
    }

    private static void WriteIds(ExportedIds ids, ExportFolder folder)
    {
        var sid = new TextColumn("sid");
        var codes = new NumbersColumn("codes");
        var items = new IdsColumn("item_ids", ids.HasTextIds);
        using var file = new ParquetFile(folder.PathOf("sid_to_items.parquet"), sid, codes, items);
        foreach (IReadOnlyList<ExportedItem> group in SidGroups.Of(ids.ByCodes("IDs")))
        {
            sid.Add(group[0].Sid);
            codes.Add(group[0].Codes);
            items.Add(group.Select(i => i.Id));
            file.EndRow();
        }

        file.Finish();
    }
}
