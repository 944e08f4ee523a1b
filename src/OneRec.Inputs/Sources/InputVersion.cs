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
    /// <summary>64 hex characters, a hash over the sorted files; for a Delta table, its newest data-changing commit;
    /// for another table, what the engine tells its rows by.</summary>
    /// <param name="files">The files.</param>
    /// <param name="hash">Whether to hash size and modification time in whole seconds, or the bytes.</param>
    /// <exception cref="OneRecException">
    /// Exit 3: a Delta table's log cannot be read, or a file was removed meanwhile. Exit 2: bytes are to be hashed that are on no disk
    /// of this machine.
    /// </exception>
    public static string Of(InputFiles files, InputHash hash)
    {
        ArgumentNullException.ThrowIfNull(files);
        if (files.Table is { } looked)
        {
            return looked.Identity;
        }

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
            string content = hash == InputHash.Content ? files.Store.ContentHash(file) : Stat(files, file);
            text.Append(files.NameOf(file)).Append('\n').Append(content).Append('\n');
        }

        return StableHash.Sha256(text.ToString());
    }

    private static string Stat(InputFiles files, string file) => files.Store.Find(file) is { } found
        ? $"{found.Length} {found.Modified.ToUnixTimeSeconds()}"
        : throw files.Gone(file);
}
