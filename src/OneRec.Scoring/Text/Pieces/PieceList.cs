using System.Globalization;
using System.Text;

namespace OneRec.Scoring.Text.Pieces;

/// <summary>The pieces of a model. An id is the index of its piece.</summary>
internal sealed class PieceList
{
    // Those that a text is cut into, in the order of their UTF-8 bytes.
    private readonly (byte[] Bytes, int Id)[] _sorted;
    private readonly Piece[] _pieces;

    /// <summary>Takes the pieces.</summary>
    /// <param name="pieces">All pieces in the order of their ids.</param>
    /// <param name="byteFallback">Whether an unknown character is the pieces of its bytes.</param>
    /// <exception cref="InvalidDataException">Not exactly one piece is the unknown one, or a byte has no piece.</exception>
    public PieceList(IReadOnlyList<Piece> pieces, bool byteFallback)
    {
        _pieces = [.. pieces];
        UnknownId = Array.FindIndex(_pieces, p => p.Kind == PieceKind.Unknown);
        if (UnknownId < 0 || UnknownId != Array.FindLastIndex(_pieces, p => p.Kind == PieceKind.Unknown))
        {
            throw new InvalidDataException("not one unknown piece");
        }

        var ids = new Dictionary<string, int>(_pieces.Length, StringComparer.Ordinal);
        for (int id = 0; id < _pieces.Length; id++)
        {
            ids.TryAdd(_pieces[id].Text, id);
        }

        Ids = ids;
        _sorted = [.. pieces
            .Select((piece, id) => (piece, id))
            .Where(p => p.piece.Kind is PieceKind.Normal or PieceKind.UserDefined or PieceKind.Unused && p.piece.Text.Length > 0)
            .Select(p => (Bytes: Encoding.UTF8.GetBytes(p.piece.Text), p.id))];
        Array.Sort(_sorted, (a, b) => a.Bytes.AsSpan().SequenceCompareTo(b.Bytes) is var order && order != 0 ? order : a.Id.CompareTo(b.Id));
        HasUserDefined = _pieces.Any(p => p.Kind == PieceKind.UserDefined);
        LeastScore = _pieces.Where(p => p.Kind == PieceKind.Normal).Select(p => p.Score).DefaultIfEmpty(0).Min();
        ByteIds = byteFallback
            ? [.. Enumerable.Range(0, 256).Select(b => ids.TryGetValue(
                string.Create(CultureInfo.InvariantCulture, $"<0x{b:X2}>"), out int id) && _pieces[id].Kind == PieceKind.Byte
                    ? id
                    : throw new InvalidDataException("a byte without a piece"))]
            : null;
    }

    /// <summary>The id of what no piece covers.</summary>
    public int UnknownId { get; }

    /// <summary>The id of each byte, if an unknown character is the pieces of its bytes; otherwise null.</summary>
    public IReadOnlyList<int>? ByteIds { get; }

    /// <summary>Whether some pieces are user-defined.</summary>
    public bool HasUserDefined { get; }

    /// <summary>The least score of a normal piece.</summary>
    public float LeastScore { get; }

    /// <summary>The ids by their pieces, control pieces included.</summary>
    public IReadOnlyDictionary<string, int> Ids { get; }

    /// <summary>A piece.</summary>
    public Piece this[int id] => _pieces[id];

    /// <summary>The id of the piece that is the whole text; -1 for none.</summary>
    public int Find(ReadOnlySpan<byte> text)
    {
        Matches matches = Starting(text);
        while (matches.Next())
        {
            if (matches.Length == text.Length)
            {
                return matches.Id;
            }
        }

        return -1;
    }

    /// <summary>Length in bytes of the longest user-defined piece that a text starts with; 0 for none.</summary>
    public int LengthOfUserDefined(ReadOnlySpan<byte> text)
    {
        int longest = 0;
        Matches matches = Starting(HasUserDefined ? text : []);
        while (matches.Next())
        {
            longest = _pieces[matches.Id].Kind == PieceKind.UserDefined ? matches.Length : longest;
        }

        return longest;
    }

    /// <summary>The pieces that a text starts with, shortest first.</summary>
    public Matches Starting(ReadOnlySpan<byte> text) => new(_sorted, text);

    /// <summary>Length in bytes of the first character of a text of UTF-8.</summary>
    public static int LengthOfCharacter(ReadOnlySpan<byte> text)
    {
        Rune.DecodeFromUtf8(text, out _, out int length);
        return length;
    }

    /// <summary>Pieces that a text starts with: a shrinking range of the sorted pieces.</summary>
    internal ref struct Matches((byte[] Bytes, int Id)[] sorted, ReadOnlySpan<byte> text)
    {
        private readonly ReadOnlySpan<byte> _text = text;
        private int _from;
        private int _to = sorted.Length;

        /// <summary>Id of the current piece.</summary>
        public int Id { get; private set; }

        /// <summary>Length in bytes of the current piece.</summary>
        public int Length { get; private set; }

        /// <summary>Goes on to the next longer piece; false if there is none.</summary>
        public bool Next()
        {
            while (Length < _text.Length)
            {
                byte next = _text[Length];
                _from = FirstNotBelow(next);
                _to = next == byte.MaxValue ? _to : FirstNotBelow((byte)(next + 1));
                if (_from == _to)
                {
                    return false;
                }

                Length++;
                if (sorted[_from].Bytes.Length == Length)
                {
                    Id = sorted[_from].Id;
                    return true;
                }
            }

            return false;
        }

        // Of the pieces that share the first bytes, the first whose next byte is not below a value.
        private readonly int FirstNotBelow(byte value)
        {
            int low = _from;
            int high = _to;
            while (low < high)
            {
                int middle = (low + high) / 2;
                byte[] piece = sorted[middle].Bytes;
                if (piece.Length <= Length || piece[Length] < value)
                {
                    low = middle + 1;
                }
                else
                {
                    high = middle;
                }
            }

            return low;
        }
    }
}

/// <summary>A piece of a model.</summary>
/// <param name="Text">Its text, with U+2581 for a space.</param>
/// <param name="Score">Log probability (unigram), or a rank that falls (BPE).</param>
/// <param name="Kind">Its kind.</param>
internal readonly record struct Piece(string Text, float Score, PieceKind Kind);

/// <summary>Kinds of pieces, with the numbers of the file.</summary>
internal enum PieceKind
{
    /// <summary>An ordinary piece.</summary>
    Normal = 1,

    /// <summary>Stands for what no piece covers.</summary>
    Unknown = 2,

    /// <summary>Such as the start of a text; no text contains it.</summary>
    Control = 3,

    /// <summary>Taken wherever it stands in a text, and not normalized.</summary>
    UserDefined = 4,

    /// <summary>Never taken; BPE may merge through it.</summary>
    Unused = 5,

    /// <summary>A byte of an unknown character.</summary>
    Byte = 6,
}
