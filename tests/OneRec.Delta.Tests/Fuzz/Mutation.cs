using System.Text;
using System.Text.RegularExpressions;
using OneRec.Core;

namespace OneRec.Delta.Tests;

/// <summary>Changes of bytes and of JSON text, drawn from a generator: the same seed makes the same damage.</summary>
internal static partial class Mutation
{
    private const int DeepNesting = 5_000;
    private const int LongArray = 20_000;

    /// <summary>Values that parsers get wrong.</summary>
    private static readonly string[] Odd =
    [
        "null", "true", "{}", "[]", "\"\"", "0", "-0", "-0.0", "1.5", "-1", "1e999", "-1e-999", "9223372036854775807", "9223372036854775808",
        "-9223372036854775809", "2147483648", new string('9', 400), "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00x\"", "\"\\n\"", "\"" + new string('x', 300) + "\"",
        "{\"a\":1,\"a\":2}", "[null]", "[[]]", "{\"\":\"\"}", "{\"\\ud800\":1}", "\"..\"", "\"../../etc/passwd\"", "\"/\"", "\"file:\"", "\"%\"", "\"%00\"", "\"s3://a/b\"",
        "NaN", "Infinity", "\"NaN\"", "'x'", "//", "\0", "\u2028", "\uFEFF",
    ];

    /// <summary>Bytes with one to four changes.</summary>
    public static byte[] OfBytes(byte[] bytes, ref SplitMix64 random)
    {
        var changed = new List<byte>(bytes);
        for (long n = 1 + random.NextBelow(4); n > 0; n--)
        {
            int at = (int)random.NextBelow(changed.Count + 1);
            int length = (int)Math.Min(random.NextBelow(1L << (int)random.NextBelow(10)) + 1, changed.Count - at);
            switch (random.NextBelow(7))
            {
                case 0 when length > 0:
                    changed[at] ^= (byte)(1 << (int)random.NextBelow(8));
                    break;
                case 1 when length > 0:
                    changed[at] = (byte)random.NextBelow(256);
                    break;
                case 2:
                    changed.RemoveRange(at, length);
                    break;
                case 3:
                    changed.InsertRange(at, changed.GetRange(at, length));
                    break;
                case 4:
                    changed.InsertRange(at, Draw((int)random.NextBelow(40), ref random));
                    break;
                case 5:
                    byte fill = random.NextBelow(2) == 0 ? (byte)0 : (byte)0xff;
                    changed.RemoveRange(at, length);
                    changed.InsertRange(at, Enumerable.Repeat(fill, length));
                    break;
                case 6 when random.NextBelow(4) == 0:
                    changed.RemoveRange(at, changed.Count - at);
                    break;
            }
        }

        return [.. changed];
    }

    /// <summary>A Parquet file whose footer alone is changed, and its length told right: the damage gets past a reader's first check.</summary>
    public static byte[] OfFooter(byte[] file, ref SplitMix64 random)
    {
        int start = file.Length - 8 - BitConverter.ToInt32(file, file.Length - 8);
        byte[] footer = OfBytes(file[start..^8], ref random);
        return [.. file[..start], .. footer, .. BitConverter.GetBytes(footer.Length), .. "PAR1"u8];
    }

    /// <summary>Bytes without any order.</summary>
    public static byte[] Draw(int count, ref SplitMix64 random)
    {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++)
        {
            bytes[i] = (byte)random.NextBelow(256);
        }

        return bytes;
    }

    /// <summary>JSON text with one to four of its tokens replaced, doubled, dropped or swapped, mostly still valid JSON.</summary>
    public static string OfJson(string text, ref SplitMix64 random)
    {
        List<string> tokens = [.. Token().Matches(text).Select(m => m.Value)];
        for (long n = 1 + random.NextBelow(4); n > 0 && tokens.Count > 0; n--)
        {
            int at = (int)random.NextBelow(tokens.Count);
            switch (random.NextBelow(8))
            {
                case 0:
                    tokens.RemoveAt(at);
                    break;
                case 1:
                    tokens.Insert(at, tokens[at]);
                    break;
                case 2:
                    int other = (int)random.NextBelow(tokens.Count);
                    (tokens[at], tokens[other]) = (tokens[other], tokens[at]);
                    break;
                case 3 when random.NextBelow(8) == 0:
                    tokens[at] = Nest("[", "]", DeepNesting);
                    break;
                case 4 when random.NextBelow(8) == 0:
                    tokens[at] = "[" + string.Join(',', Enumerable.Repeat(Odd[random.NextBelow(8)], LongArray)) + "]";
                    break;
                case 5 when tokens[at] is ['"', .., '"']:
                    // Inside of a text, such as a schema or statistics.
                    string inner = tokens[at][1..^1].Replace("\\\"", "\"", StringComparison.Ordinal);
                    tokens[at] = "\"" + OfJson(inner, ref random).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
                    break;
                default:
                    // Values, rarely punctuation or names.
                    for (int tries = 0; tries < 6 && (tokens[at].Length == 1 || (at + 1 < tokens.Count && tokens[at + 1] == ":")); tries++)
                    {
                        at = (int)random.NextBelow(tokens.Count);
                    }

                    tokens[at] = Odd[random.NextBelow(Odd.Length)];
                    break;
            }
        }

        return string.Concat(tokens);
    }

    private static string Nest(string open, string close, int depth) =>
        new StringBuilder().Insert(0, open, depth).Insert(depth * open.Length, close, depth).ToString();

    [GeneratedRegex("""
        "(\\.|[^"\\])*"|[-+.\w]+|\s+|.
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.Singleline)]
    private static partial Regex Token();
}
