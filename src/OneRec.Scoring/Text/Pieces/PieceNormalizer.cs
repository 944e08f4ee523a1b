using System.Buffers.Binary;
using System.Text;

namespace OneRec.Scoring.Text.Pieces;

/// <summary>Brings a text to the form that a model's pieces have: its map of characters, then spaces.</summary>
/// <param name="normalization">What the model's file says.</param>
/// <param name="pieces">The pieces; user-defined ones stay as they are.</param>
internal sealed class PieceNormalizer(PieceNormalization normalization, PieceList pieces)
{
    private const byte Space = (byte)' ';
    private static readonly byte[] Replacement = [0xEF, 0xBF, 0xBD];
    private readonly byte[] _space = normalization.EscapeSpaces ? [0xE2, 0x96, 0x81] : [Space];

    /// <summary>The normalized text, in UTF-8.</summary>
    /// <param name="text">UTF-8.</param>
    public byte[] Normalize(ReadOnlySpan<byte> text)
    {
        var normalized = new List<byte>(text.Length + (text.Length / 2) + _space.Length);
        bool afterSpace = normalization.RemoveExtraSpaces;
        if (normalization.RemoveExtraSpaces)
        {
            text = WithoutSpacesInFront(text);
        }

        if (text.IsEmpty)
        {
            return [];
        }

        bool ofOurs = normalization.AddSpace;
        if (ofOurs && !normalization.SpaceIsSuffix)
        {
            normalized.AddRange(_space);
        }

        while (!text.IsEmpty)
        {
            ReadOnlySpan<byte> part = Prefix(text, out int consumed);
            if (afterSpace)
            {
                part = part.TrimStart(Space);
            }

            foreach (byte value in part)
            {
                if (value == Space)
                {
                    normalized.AddRange(_space);
                }
                else
                {
                    normalized.Add(value);
                }
            }

            afterSpace = normalization.RemoveExtraSpaces && (part.IsEmpty ? afterSpace : part[^1] == Space);
            text = text[consumed..];
        }

        while (normalization.RemoveExtraSpaces && normalized.Count >= _space.Length
            && normalized[^_space.Length..].SequenceEqual(_space))
        {
            normalized.RemoveRange(normalized.Count - _space.Length, _space.Length);
        }

        if (ofOurs && normalization.SpaceIsSuffix)
        {
            normalized.AddRange(_space);
        }

        return [.. normalized];
    }

    private ReadOnlySpan<byte> WithoutSpacesInFront(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty && Prefix(text, out int consumed) is [Space])
        {
            text = text[consumed..];
        }

        return text;
    }

    /// <summary>What the start of a text becomes: a user-defined piece, an entry of the map, or one character.</summary>
    private ReadOnlySpan<byte> Prefix(ReadOnlySpan<byte> text, out int consumed)
    {
        consumed = pieces.LengthOfUserDefined(text);
        if (consumed > 0)
        {
            return text[..consumed];
        }

        if (normalization.CharsMap is { } map && map.TryFind(text, out consumed, out ReadOnlySpan<byte> mapped))
        {
            return mapped;
        }

        return Rune.DecodeFromUtf8(text, out _, out consumed) == System.Buffers.OperationStatus.Done ? text[..consumed] : Replacement;
    }
}

/// <summary>How a model normalizes texts.</summary>
internal sealed record PieceNormalization
{
    /// <summary>What characters become, such as NFKC with all kinds of spaces as one; null for what they are.</summary>
    public CharsMap? CharsMap { get; init; }

    /// <summary>Whether a text gets a space in front.</summary>
    public bool AddSpace { get; init; } = true;

    /// <summary>Whether spaces at both ends go, and several become one.</summary>
    public bool RemoveExtraSpaces { get; init; } = true;

    /// <summary>Whether a space becomes U+2581.</summary>
    public bool EscapeSpaces { get; init; } = true;

    /// <summary>Whether the added space comes behind the text.</summary>
    public bool SpaceIsSuffix { get; init; }
}

/// <summary>What characters become: a double-array trie (Darts) over UTF-8, whose values are offsets of texts that end with 0.</summary>
internal sealed class CharsMap
{
    private readonly uint[] _units;
    private readonly byte[] _texts;

    private CharsMap(uint[] units, byte[] texts)
    {
        _units = units;
        _texts = texts;
    }

    /// <summary>Reads a model's <c>precompiled_charsmap</c>; null if it is empty.</summary>
    /// <exception cref="InvalidDataException">Damaged.</exception>
    public static CharsMap? Read(ReadOnlySpan<byte> blob)
    {
        if (blob.IsEmpty)
        {
            return null;
        }

        if (blob.Length < 8 || BinaryPrimitives.ReadUInt32LittleEndian(blob) is var size && (size % 4 != 0 || size == 0 || size > blob.Length - 4))
        {
            throw new InvalidDataException("a damaged map of characters");
        }

        uint[] units = new uint[size / 4];
        for (int i = 0; i < units.Length; i++)
        {
            units[i] = BinaryPrimitives.ReadUInt32LittleEndian(blob[(4 + (4 * i))..]);
        }

        return new CharsMap(units, blob[(4 + (int)size)..].ToArray());
    }

    /// <summary>The longest entry that a text starts with.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="length">Bytes of the text that it covers.</param>
    /// <param name="mapped">What they become; may be empty.</param>
    public bool TryFind(ReadOnlySpan<byte> text, out int length, out ReadOnlySpan<byte> mapped)
    {
        length = 0;
        mapped = [];
        uint node = Offset(_units[0]);
        for (int i = 0; i < text.Length; i++)
        {
            node ^= text[i];
            if (node >= _units.Length || (_units[node] & 0x8000_00FF) != text[i])
            {
                break;
            }

            uint unit = _units[node];
            node ^= Offset(unit);
            if ((unit & 0x100) != 0 && node < _units.Length)
            {
                int start = (int)Math.Min(_units[node] & 0x7FFF_FFFF, (uint)_texts.Length);
                int end = _texts.AsSpan(start).IndexOf((byte)0);
                mapped = _texts.AsSpan(start, end < 0 ? _texts.Length - start : end);
                length = i + 1;
            }
        }

        return length > 0;
    }

    private static uint Offset(uint unit) => (unit >> 10) << (int)((unit & 0x200) >> 6);
}
