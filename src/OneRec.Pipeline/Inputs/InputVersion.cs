using System.Text;
using OneRec.Core;

namespace OneRec.Pipeline.Inputs;

/// <summary>The version of input files: another one says that a step must run again.</summary>
public static class InputVersion
{
    /// <summary>64 hex characters over the sorted files.</summary>
    /// <param name="files">The files.</param>
    /// <param name="hash">By size and modification time in whole seconds, or by bytes.</param>
    public static string Of(InputFiles files, InputHash hash)
    {
        ArgumentNullException.ThrowIfNull(files);
        var text = new StringBuilder();
        foreach (string file in files.Files)
        {
            var info = new FileInfo(file);
            string content = hash == InputHash.Content
                ? StableHash.Sha256OfFile(file)
                : $"{info.Length} {new DateTimeOffset(info.LastWriteTimeUtc).ToUnixTimeSeconds()}";
            text.Append(files.NameOf(file)).Append('\n').Append(content).Append('\n');
        }

        return StableHash.Sha256(text.ToString());
    }
}
