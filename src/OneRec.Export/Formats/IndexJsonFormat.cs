using System.Text;
using OneRec.Core;
using OneRec.Export.Files;
using OneRec.Export.Folder;
using OneRec.Export.Ids;

namespace OneRec.Export.Formats;

/// <summary>The files of LC-Rec and of what descends from it: tokens by item, texts by item, and the tokens to add.</summary>
/// <param name="name">The name on the command line.</param>
/// <param name="summary">What it is for.</param>
/// <param name="twins">What the project does with twins.</param>
internal sealed class IndexJsonFormat(string name, string summary, TwinPolicy twins) : IExportFormat
{
    /// <summary>MiniOneRec. Its tasks read exactly three tokens, and "no longer differentiate" items with the same ones.</summary>
    public static IndexJsonFormat MiniOneRec { get; } = new("minionerec", "MiniOneRec: tokens and texts by item", TwinPolicy.Share);

    /// <summary>LC-Rec. Its tokenizer removes twins, and its decoder expects the same number of tokens of every item.</summary>
    public static IndexJsonFormat LcRec { get; } = new("lcrec", "LC-Rec: tokens and texts by item", TwinPolicy.Slot);

    /// <summary>LETTER, on LC-Rec or on TIGER.</summary>
    public static IndexJsonFormat Letter { get; } = new("letter", "LETTER, on LC-Rec or TIGER: tokens and texts by item", TwinPolicy.Slot);

    public string Name => name;

    public string Summary => summary;

    public string Files => "X.index.json, X.item.json, new_tokens.json";

    public TwinPolicy Twins => twins;

    public IReadOnlyList<Fact> Write(ExportedIds ids, ExportFolder folder, string place)
    {
        HashSet<int>[] used = [.. ids.Sizes.Select(_ => new HashSet<int>())];
        long withoutTitle = 0;
        using (StreamWriter index = Open(folder, $"{folder.Name}.index.json"))
        using (StreamWriter texts = Open(folder, $"{folder.Name}.item.json"))
        {
            bool isFirst = true;
            foreach (ExportedItem item in ids.ByItem("items", withTexts: true))
            {
                WriteTokens(index, item, isFirst);
                WriteTexts(texts, item, isFirst);
                isFirst = false;
                withoutTitle += string.IsNullOrEmpty(item.Title) ? 1 : 0;
                for (int level = 0; level < used.Length; level++)
                {
                    used[level].Add(item.Codes[level]);
                }
            }

            index.Write("\n}\n");
            texts.Write("\n}\n");
        }

        string[] tokens = [.. used.SelectMany((codes, level) => codes.Select(code => Tokens.Of(level, code))).Order(StringComparer.Ordinal)];
        WriteVocabulary(folder, tokens);
        return [Fact.Of("tokens", tokens.Length), Fact.Of("without title", withoutTitle)];
    }

    private static StreamWriter Open(ExportFolder folder, string file) => new(folder.Create(file), Encoding.ASCII, bufferSize: 1 << 16);

    private static void WriteKey(StreamWriter writer, ExportedItem item, bool isFirst)
    {
        writer.Write(isFirst ? "{\n" : ",\n");
        AsciiJson.WriteString(writer, item.Id.ToString());
        writer.Write(": ");
    }

    private static void WriteTokens(StreamWriter writer, ExportedItem item, bool isFirst)
    {
        WriteKey(writer, item, isFirst);
        for (int level = 0; level < item.Codes.Length; level++)
        {
            writer.Write(level == 0 ? "[\"" : "\", \"");
            writer.Write(Tokens.Of(level, item.Codes[level]));
        }

        writer.Write("\"]");
    }

    // Its readers ask for both texts of every item.
    private static void WriteTexts(StreamWriter writer, ExportedItem item, bool isFirst)
    {
        WriteKey(writer, item, isFirst);
        writer.Write("{\"title\": ");
        AsciiJson.WriteString(writer, item.Title);
        writer.Write(", \"description\": ");
        AsciiJson.WriteString(writer, item.Caption);
        writer.Write('}');
    }

    // The list that get_new_tokens makes: the tokens that occur, sorted as texts.
    private static void WriteVocabulary(ExportFolder folder, IReadOnlyList<string> tokens)
    {
        using StreamWriter writer = Open(folder, "new_tokens.json");
        writer.Write("[\n");
        writer.Write(string.Join(",\n", tokens.Select(t => $"\"{t}\"")));
        writer.Write("\n]\n");
    }
}
