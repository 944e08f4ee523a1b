using OneRec.Core;
using OneRec.Export.Files;
using OneRec.Export.Folder;
using OneRec.Export.Ids;

namespace OneRec.Export.Formats;

/// <summary>GRID: a tensor of levels by items, as <c>map_sparse_id_to_semantic_id</c> indexes it.</summary>
internal sealed class GridFormat : IExportFormat
{
    public string Name => "grid";

    public string Summary => "GRID: a tensor of levels x items, and the item of each column";

    public string Files => "semantic_ids.npy, item_ids.json";

    // It appends a digit to tell items with the same codes apart.
    public TwinPolicy Twins => TwinPolicy.Slot;

    public IReadOnlyList<Fact> Write(ExportedIds ids, ExportFolder folder, string place)
    {
        bool isDense = !ids.HasTextIds;
        using var tensor = NpyFile.Columns(folder.Create("semantic_ids.npy"), ids.Sizes.Count);
        using var items = new ItemIdsFile(folder.Create("item_ids.json"));
        long column = 0;
        foreach (ExportedItem item in ids.ByItem("items"))
        {
            foreach (int code in item.Codes)
            {
                tensor.Add(code);
            }

            items.Add(item.Id);
            isDense = isDense && item.Id.Number == column;
            column++;
        }

        tensor.Finish();
        items.Finish();
        return
        [
            new Fact("shape", $"{ids.Sizes.Count} x {column}"),
            new Fact("columns", isDense ? "item ids are the columns" : "item_ids.json has the item id of each column"),
        ];
    }
}
