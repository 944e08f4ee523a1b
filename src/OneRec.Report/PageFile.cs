using System.Text;
using System.Text.RegularExpressions;
using OneRec.Core;

namespace OneRec.Report;

/// <summary>The file of a page, named by an option of the user.</summary>
/// <param name="Path">The full path.</param>
/// <param name="Option">The option, for messages: <c>report.path</c>.</param>
public sealed partial record PageFile(string Path, string Option)
{
    private const int HeadBytes = 4096;

    // As with all problems of options, the code is the option's name.
    private string Code => Option.TrimStart('-');

    /// <summary>Writes a page atomically: readers see the old file or the complete new one. Missing folders are created.</summary>
    /// <param name="page">The page's text.</param>
    /// <exception cref="OneRecException">Configuration error <c>page.unwritable</c>.</exception>
    public void Write(string page)
    {
        string temporary = $"{Path}.{Environment.ProcessId}.tmp";
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            File.WriteAllText(temporary, page, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            File.Move(temporary, Path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OneRecException.Configuration("page.unwritable", $"{Option} {Path} cannot be written ({e.Message}); set another {Option}", e);
        }
        finally
        {
            try
            {
                File.Delete(temporary);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Report the first failure, not this one.
            }
        }
    }

    /// <summary>Refuses a path where a page would replace anything but a page, or lie in a table.</summary>
    /// <exception cref="OneRecException">Configuration error whose code is the option: <c>report.path</c>.</exception>
    public void RequireWritable()
    {
        for (string? folder = System.IO.Path.GetDirectoryName(Path); folder is not null; folder = System.IO.Path.GetDirectoryName(folder))
        {
            if (System.IO.Path.GetFileName(folder) == "_delta_log" || Directory.Exists(System.IO.Path.Combine(folder, "_delta_log")))
            {
                throw OneRecException.Configuration(
                    Code, $"{Option} {Path} lies in the table {folder}; set {Option} to a file outside of tables");
            }
        }

        bool isPage = !System.IO.Path.Exists(Path) || FingerprintOf(Path) is not null;
        if (!isPage)
        {
            throw OneRecException.Configuration(
                Code,
                $"{Option} {Path} exists and is not a report page, so it is not overwritten; set {Option} to another file, or remove this one");
        }
    }

    /// <summary>The fingerprint in a page's meta tag; null if there is no page of ours at the path.</summary>
    /// <exception cref="IOException">The file exists but cannot be read.</exception>
    public static string? FingerprintOf(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        // Only the head: the body contains titles, which could look like the tag.
        byte[] head = new byte[HeadBytes];
        using FileStream file = File.OpenRead(path);
        int read = file.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false);
        Match match = FingerprintTag().Match(Encoding.UTF8.GetString(head, 0, read));
        return match.Success ? match.Groups[1].Value : null;
    }

    [GeneratedRegex("""\A<!DOCTYPE html>\s*<html lang="en">\s*<head>\s*<meta charset="utf-8"\s*/>\s*<meta name="onerec-fingerprint" content="([0-9a-f]{64})"\s*/>""")]
    private static partial Regex FingerprintTag();
}
