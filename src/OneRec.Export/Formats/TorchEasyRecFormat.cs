using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Export.Files;
using OneRec.Export.Folder;
using OneRec.Export.Ids;

namespace OneRec.Export.Formats;

/// <summary>
/// TorchEasyRec: one generation of the bundle that <c>tzrec/tools/sid/resolve_sid_collisions.py</c> writes and appends to. The
/// folder is the generation's, so its name is what <c>--from_generation</c> takes.
/// </summary>
internal sealed class TorchEasyRecFormat : IExportFormat
{
    private const string ItemToSid = "item_to_sid";
    private const string SidToItems = "sid_to_items";

    public string Name => "torcheasyrec";

    public string Summary => "TorchEasyRec: one generation of its SID bundle, to serve or to append to";

    public string Files => "item_to_sid/part-0.parquet, sid_to_items/part-0.parquet, manifest.json";

    // Its buckets hold several items, and the column index tells them apart.
    public TwinPolicy Twins => TwinPolicy.Share;

    public IReadOnlyList<Fact> Write(ExportedIds ids, ExportFolder folder, string place)
    {
        long[] offsets = Offsets(ids.Sizes);
        long buckets = WriteTables(ids, folder, offsets);
        WriteManifest(ids, folder, place, buckets);
        return [Fact.Of("most items of an ID", ids.Counts.MostItems)];
    }

    // Where the codes of each level begin if all levels are one vocabulary.
    private static long[] Offsets(IReadOnlyList<int> sizes)
    {
        var offsets = new long[sizes.Count];
        for (int level = 1; level < offsets.Length; level++)
        {
            offsets[level] = offsets[level - 1] + sizes[level - 1];
        }

        return offsets;
    }

    private static long WriteTables(ExportedIds ids, ExportFolder folder, long[] offsets)
    {
        var item = new IdColumn("item_id", ids.HasTextIds);
        var origin = new NumbersColumn("origin_codebook");
        var codes = new NumbersColumn("codebook");
        var offset = new NumbersColumn("offset_codebook");
        var index = new NumberColumn("index");
        using var itemToSid = new ParquetFile(folder.PathOf($"{ItemToSid}/part-0.parquet"), item, origin, codes, offset, index);
        var bucketCodes = new NumbersColumn("codebook");
        var bucketOffset = new NumbersColumn("offset_codebook");
        var bucketItems = new IdsColumn("itemids", ids.HasTextIds);
        using var sidToItems = new ParquetFile(folder.PathOf($"{SidToItems}/part-0.parquet"), bucketCodes, bucketOffset, bucketItems);

        // In the order of codes: it demands buckets in ascending order, and takes items in any.
        foreach (IReadOnlyList<ExportedItem> bucket in SidGroups.Of(ids.ByCodes("IDs")))
        {
            int[] sid = bucket[0].Codes;
            long[] shifted = [.. sid.Select((code, level) => code + offsets[level])];
            for (int place = 0; place < bucket.Count; place++)
            {
                item.Add(bucket[place].Id);
                origin.Add(Origin(bucket[place], ids.CodebookLevels));
                codes.Add(sid);
                offset.Add(shifted);

                // From 1 without a gap: an append goes on after the number of items of a bucket.
                index.Add(place + 1);
                itemToSid.EndRow();
            }

            bucketCodes.Add(sid);
            bucketOffset.Add(shifted);
            bucketItems.Add(bucket.Select(b => b.Id));
            sidToItems.EndRow();
        }

        itemToSid.Finish();
        sidToItems.Finish();
        return sidToItems.Rows;
    }

    // What the codebook alone would have given, before the last code was changed for want of room.
    private static int[] Origin(ExportedItem item, int levels)
    {
        int[] origin = [.. item.Codes];
        origin[levels - 1] = item.NearestCode;
        return origin;
    }

    private static void WriteManifest(ExportedIds ids, ExportFolder folder, string place, long buckets)
    {
        string identity = $"{ids.Origin.CodebookId} {string.Join(' ', ids.Origin.Versions.OrderBy(v => v.Key, StringComparer.Ordinal))} "
            + $"{string.Join(',', ids.Sizes)} {ids.Counts.Items} {buckets}";
        var manifest = new JsonObject
        {
            // Its own bundles have a random UUID of these 32 digits; the same IDs give the same one here.
            ["bundle_uuid"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..32],
            ["codebook"] = new JsonArray([.. ids.Sizes.Select(s => JsonValue.Create(s))]),
            ["capacity"] = ids.Counts.MostItems,
            ["max_observed_items_per_sid"] = ids.Counts.MostItems,
            ["artifacts"] = new JsonObject
            {
                [ItemToSid] = Artifact(ItemToSid, ids.Counts.Items),
                [SidToItems] = Artifact(SidToItems, buckets),
            },
            ["item_id_type"] = ids.HasTextIds ? "string" : "int64",
        };
        using Stream file = folder.Create("manifest.json");
        using var json = new Utf8JsonWriter(file, JsonLines.Options with { Indented = true });
        manifest.WriteTo(json);

        JsonObject Artifact(string name, long rows) => new()
        {
            ["save_type"] = "parquet",
            ["rows"] = rows,
            ["location"] = $"{place.TrimEnd('/')}/{name}",
        };
    }
}
