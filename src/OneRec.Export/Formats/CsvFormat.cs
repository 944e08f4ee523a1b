using System.Globalization;
using CsvHelper;
using OneRec.Core;
using OneRec.Export.Folder;
using OneRec.Export.Ids;

namespace OneRec.Export.Formats;

/// <summary>CSV as in RFC 4180, in UTF-8, both ways; an ID with several items has a record for each.</summary>
internal sealed class CsvFormat : IExportFormat
{
    public string Name => "csv";

    public string Summary => "CSV, from items to IDs and from IDs to items";

    public string Files => "item_to_sid.csv, sid_to_items.csv";

    public TwinPolicy Twins => TwinPolicy.Share;

    public IReadOnlyList<Fact> Write(ExportedIds ids, ExportFolder folder, string place)
    {
        using (CsvWriter items = Open(folder, "item_to_sid.csv", "item_id", "sid", "slot", "title"))
        {
            foreach (ExportedItem item in ids.ByItem("items", withTexts: true))
            {
                Record(items, item.Id.ToString(), item.Sid, Text(item.Slot), item.Title);
            }
        }

        using CsvWriter groups = Open(folder, "sid_to_items.csv", "sid", "item_id", "slot");
        foreach (ExportedItem item in ids.ByCodes("IDs"))
        {
            Record(groups, item.Sid, item.Id.ToString(), Text(item.Slot));
        }

        return [];
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static CsvWriter Open(ExportFolder folder, string file, params ReadOnlySpan<string> header)
    {
        CsvWriter writer = CsvWriter.Create(folder.Create(file), new CsvWriterOptions { NewLine = "\r\n" }, leaveOpen: false);
        Record(writer, header);
        return writer;
    }

    private static void Record(CsvWriter writer, params ReadOnlySpan<string?> fields)
    {
        foreach (string? field in fields)
        {
            // A text that is empty is quoted, one that is missing is not.
            writer.WriteField(field, field is "" ? CsvQuoting.Always : CsvQuoting.WhenNeededOrWhitespace);
        }

        writer.EndRecord();
    }
}
