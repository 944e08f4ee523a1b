using System.Globalization;
using System.Text;
using OneRec.Core;
using OneRec.Delta;
using OneRec.Inputs.Files;
using OneRec.Inputs.Options;

namespace OneRec.Inputs.Sources;

/// <summary>The version of input files. If it changes, a step must run again.</summary>
public static class InputVersion
{
    /// <summary>64 hex characters, a hash over the sorted files; for a Delta table, its newest data-changing commit.</summary>
    /// <param name="files">The files.</param>
    /// <param name="hash">Whether to hash size and modification time in whole seconds, or the bytes.</param>
    /// <exception cref="OneRecException">A Delta table's log cannot be read.</exception>
    public static string Of(InputFiles files, InputHash hash)
    {
        ArgumentNullException.ThrowIfNull(files);
        if (files.Format == InputFormat.Delta)
        {
            return DeltaInput.WrapErrors(files, () =>
            {
                DeltaTable table = DeltaTable.At(files.Root);
                long? version = table.History().FirstOrDefault(h => h.ChangesData)?.Version ?? table.LatestVersion();
                return version?.ToString(CultureInfo.InvariantCulture) ?? "none";
            });
        }

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
