using System.Globalization;
using System.Text;
using OneRec.Core;
using OneRec.Export.Files;
using OneRec.Export.Folder;
using OneRec.Export.Ids;

namespace OneRec.Export.Formats;

/// <summary>
/// OpenOneRec: what its scripts of training data read (<c>--pid2sid</c>, captions by <c>pid</c>), its vocabulary, and the map from IDs to
/// items of its evaluation.
/// </summary>
internal sealed class OpenOneRecFormat : IExportFormat
{
    private const int LevelsOfItsScripts = 3;

    // encode_sid of its evaluation: an ID as one number.
    private const long Base = 8192;

    public string Name => "openonerec";

    public string Summary => "OpenOneRec: maps of its data scripts and its evaluation, captions, vocabulary";

    public string Files => "pid2sid.parquet, pid2caption.parquet, sid2pid.json, new_tokens.txt";

    // Its map leads from items to IDs, and its evaluation from an ID to a list of items.
    public TwinPolicy Twins => TwinPolicy.Share;

    public bool ReadsUsers => true;

    public IReadOnlyList<Fact> Write(ExportedIds ids, ExportFolder folder, string place)
    {
        long captions = WriteMaps(ids, folder);
        WriteVocabulary(ids, folder);
        List<Fact> facts = [Fact.Of("captions", captions)];
        if (WhyNoMapOfItems(ids) is { } why)
        {
            facts.Add(new Fact("without sid2pid.json", why));
        }
        else
        {
            WriteMapOfItems(ids, folder);
        }

        if (ids.Sizes.Count != LevelsOfItsScripts)
        {
            facts.Add(new Fact(
                "note", $"the scripts of OpenOneRec read the first {LevelsOfItsScripts} codes of an ID; these IDs have {ids.Sizes.Count}"));
        }

        return facts;
    }

    private static string Token(int level, int code) => $"<s_{Tokens.Letter(level)}_{code}>";

    private static long WriteMaps(ExportedIds ids, ExportFolder folder)
    {
        var pid = new IdColumn("pid", ids.HasTextIds);
        var sid = new NumbersColumn("sid");
        var tokens = new TextColumn("tokens");
        using var map = new ParquetFile(folder.PathOf("pid2sid.parquet"), pid, sid, tokens);
        var captionOf = new IdColumn("pid", ids.HasTextIds);
        var caption = new TextColumn("dense_caption");
        using var captions = new ParquetFile(folder.PathOf("pid2caption.parquet"), captionOf, caption);
        foreach (ExportedItem item in ids.ByItem("items", withTexts: true))
        {
            pid.Add(item.Id);
            sid.Add(item.Codes);
            tokens.Add($"<|sid_begin|>{string.Concat(item.Codes.Select((code, level) => Token(level, code)))}<|sid_end|>");
            map.EndRow();
            if (!string.IsNullOrEmpty(item.Caption))
            {
                captionOf.Add(item.Id);
                caption.Add(item.Caption);
                captions.EndRow();
            }
        }

        map.Finish();
        captions.Finish();
        return captions.Rows;
    }

    private static string? WhyNoMapOfItems(ExportedIds ids) =>
        ids.HasTextIds ? "its evaluation compares item ids as whole numbers"
        : ids.Sizes.Count != LevelsOfItsScripts ? $"its evaluation reads IDs of {LevelsOfItsScripts} codes"
        : ids.Sizes.Max() > Base ? $"its evaluation reads codes below {Base}"
        : null;

    // As load_pid_mapping reads it: of the items of an ID it takes the first, or one with the highest count.
    private static void WriteMapOfItems(ExportedIds ids, ExportFolder folder)
    {
        using var writer = new StreamWriter(folder.Create("sid2pid.json"), Encoding.ASCII, bufferSize: 1 << 16);
        bool isFirst = true;
        foreach (IReadOnlyList<ExportedItem> items in SidGroups.Of(ids.ByCodes("IDs")))
        {
            long key = items[0].Codes.Aggregate(0L, (sid, code) => (sid * Base) + code);
            writer.Write(isFirst ? "{\n" : ",\n");
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"\"{key}\": ["));
            writer.Write(string.Join(", ", items.OrderByDescending(i => i.Users).Select(i => string.Create(
                CultureInfo.InvariantCulture, $"{{\"pid\": {i.Id}, \"count\": {i.Users}, \"count_after_downsample\": {i.Users}}}"))));
            writer.Write(']');
            isFirst = false;
        }

        writer.Write("\n}\n");
    }

    // In the order of generate_itemic_tokens: the ids of the tokens depend on it.
    private static void WriteVocabulary(ExportedIds ids, ExportFolder folder)
    {
        using var writer = new StreamWriter(folder.Create("new_tokens.txt"), new UTF8Encoding(false));
        foreach (string token in Tokens.All(ids.Sizes, Token).Concat(["<|sid_begin|>", "<|sid_end|>"]))
        {
            writer.Write(token);
            writer.Write('\n');
        }
    }
}
