using System.Buffers.Binary;
using System.Text;

namespace OneRec.Scoring.Text.Pieces;

/// <summary>A SentencePiece <c>.model</c> file: pieces, and how a text is normalized.</summary>
/// <param name="Pieces">The pieces.</param>
/// <param name="IsBpe">Whether pieces are found by merging (BPE); otherwise by their probabilities (unigram).</param>
/// <param name="Normalization">The normalization of texts.</param>
/// <remarks>The format is a protocol buffer: sentencepiece_model.proto of google/sentencepiece.</remarks>
internal sealed record PieceModel(PieceList Pieces, bool IsBpe, PieceNormalization Normalization)
{
    private const int UnigramType = 1;
    private const int BpeType = 2;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">Not such a file, damaged, or of another type, such as words or characters.</exception>
    public static PieceModel Read(ReadOnlySpan<byte> file)
    {
        var pieces = new List<Piece>();
        var normalization = new PieceNormalization();
        int type = UnigramType;
        bool byteFallback = false;
        var fields = new ProtoFields(file);
        while (fields.Next())
        {
            switch (fields.Number)
            {
                case 1:
                    pieces.Add(ReadPiece(fields.Bytes));
                    break;
                case 2:
                    (type, byteFallback, bool suffix) = ReadTraining(fields.Bytes);
                    normalization = normalization with { SpaceIsSuffix = suffix };
                    break;
                case 3:
                    normalization = ReadNormalization(fields.Bytes, normalization);
                    break;
            }
        }

        return type is UnigramType or BpeType
            ? new PieceModel(new PieceList(pieces, byteFallback), type == BpeType, normalization)
            : throw new InvalidDataException("neither a BPE nor a unigram model");
    }

    private static Piece ReadPiece(ReadOnlySpan<byte> message)
    {
        var piece = new Piece("", 0, PieceKind.Normal);
        var fields = new ProtoFields(message);
        while (fields.Next())
        {
            piece = fields.Number switch
            {
                1 => piece with { Text = Encoding.UTF8.GetString(fields.Bytes) },
                2 => piece with { Score = BinaryPrimitives.ReadSingleLittleEndian(fields.Bytes) },
                3 => piece with { Kind = (PieceKind)fields.Value },
                _ => piece,
            };
        }

        return piece;
    }

    private static (int Type, bool ByteFallback, bool SpaceIsSuffix) ReadTraining(ReadOnlySpan<byte> message)
    {
        (int Type, bool ByteFallback, bool SpaceIsSuffix) read = (UnigramType, false, false);
        var fields = new ProtoFields(message);
        while (fields.Next())
        {
            read = fields.Number switch
            {
                3 => read with { Type = (int)fields.Value },
                24 => read with { SpaceIsSuffix = fields.Value != 0 },
                35 => read with { ByteFallback = fields.Value != 0 },
                _ => read,
            };
        }

        return read;
    }

    private static PieceNormalization ReadNormalization(ReadOnlySpan<byte> message, PieceNormalization normalization)
    {
        var fields = new ProtoFields(message);
        while (fields.Next())
        {
            normalization = fields.Number switch
            {
                2 => normalization with { CharsMap = CharsMap.Read(fields.Bytes) },
                3 => normalization with { AddSpace = fields.Value != 0 },
                4 => normalization with { RemoveExtraSpaces = fields.Value != 0 },
                5 => normalization with { EscapeSpaces = fields.Value != 0 },
                _ => normalization,
            };
        }

        return normalization;
    }
}

/// <summary>The fields of a protocol buffer message, one after another.</summary>
/// <param name="message">The message.</param>
internal ref struct ProtoFields(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _left = message;

    /// <summary>Number of the current field.</summary>
    public int Number { get; private set; }

    /// <summary>Value of a field that is a whole number or a flag; otherwise 0.</summary>
    public ulong Value { get; private set; }

    /// <summary>Bytes of a field that is a message, text, bytes, or a number of 4 or 8 bytes; otherwise none.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Goes on to the next field; false at the end.</summary>
    /// <exception cref="InvalidDataException">Not a protocol buffer.</exception>
    public bool Next()
    {
        if (_left.IsEmpty)
        {
            return false;
        }

        ulong key = Whole();
        Number = (int)(key >> 3);
        Value = 0;
        Bytes = [];
        switch (key & 7)
        {
            case 0:
                Value = Whole();
                break;
            case 1:
                Bytes = Take(8);
                break;
            case 2:
                Bytes = Take(Whole());
                break;
            case 5:
                Bytes = Take(4);
                break;
            default:
                throw new InvalidDataException("not a protocol buffer");
        }

        return true;
    }

    private ulong Whole()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("not a protocol buffer");
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)_left.Length)
        {
            throw new InvalidDataException("not a protocol buffer, or cut off");
        }

        ReadOnlySpan<byte> taken = _left[..(int)count];
        _left = _left[(int)count..];
        return taken;
    }
}
