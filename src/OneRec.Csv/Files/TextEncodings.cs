using System.Text;
using OneRec.Csv.Records;

namespace OneRec.Csv.Files;

/// <summary>Converts text in other encodings to UTF-8.</summary>
internal static class TextEncodings
{
    // .NET has this encoding, but not without being asked for it.
    private static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    /// <summary>Converts text whose characters have a byte each; every byte is a character.</summary>
    public static byte[] ToUtf8(ReadOnlySpan<byte> text, TextEncoding encoding)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(encoding, TextEncoding.Windows1252);
        return Encoding.UTF8.GetBytes(Windows1252.GetString(text));
    }

    /// <summary>The text as UTF-8: of a declared encoding, or of UTF-16 if it begins with its byte order mark.</summary>
    /// <param name="text">The bytes; owned by the result.</param>
    /// <param name="declared">The declared encoding.</param>
    /// <param name="isUtf16">Whether it is UTF-16.</param>
    public static Stream Open(Stream text, TextEncoding declared, out bool isUtf16)
    {
        isUtf16 = false;
        if (declared == TextEncoding.Windows1252)
        {
            return Encoding.CreateTranscodingStream(text, Windows1252, Encoding.UTF8);
        }

        byte[] head = new byte[4];
        int read = text.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var whole = new PrefixedStream(head.AsMemory(0, read), text);
        bool isUtf32 = head.AsSpan().SequenceEqual((ReadOnlySpan<byte>)[0xFF, 0xFE, 0, 0]);
        bool little = read >= 2 && head[0] == 0xFF && head[1] == 0xFE && !isUtf32;
        bool big = read >= 2 && head[0] == 0xFE && head[1] == 0xFF;
        isUtf16 = little || big;
        return isUtf16
            ? Encoding.CreateTranscodingStream(whole, new UnicodeEncoding(big, byteOrderMark: true, throwOnInvalidBytes: true), Encoding.UTF8)
            : whole;
    }
}
