using System.Text;
using OneRec.Core;
using OneRec.Export.Folder;
using OneRec.Export.Ids;

namespace OneRec.Export.Formats;

/// <summary>The tokens to add to a vocabulary: of all codes, whether or not an item has them.</summary>
internal sealed class TokensFormat : IExportFormat
{
    public string Name => "tokens";

    public string Summary => "the tokens of all codes, to add to a vocabulary";

    public string Files => "new_tokens.json, new_tokens.txt";

    public TwinPolicy Twins => TwinPolicy.Share;

    public IReadOnlyList<Fact> Write(ExportedIds ids, ExportFolder folder, string place)
    {
        Put("new_tokens.txt", "", "\n", "\n");
        Put("new_tokens.json", "[\n\"", "\",\n\"", "\"\n]\n");
        return [Fact.Of("tokens", ids.Sizes.Sum(s => (long)s))];

        void Put(string file, string start, string between, string end)
        {
            using var writer = new StreamWriter(folder.Create(file), Encoding.ASCII);
            writer.Write(start);
            bool isFirst = true;
            foreach (string token in Tokens.All(ids.Sizes, Tokens.Of))
            {
                writer.Write(isFirst ? "" : between);
                writer.Write(token);
                isFirst = false;
            }

            writer.Write(end);
        }
    }
}
