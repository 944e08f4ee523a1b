namespace OneRec.Scoring.Text.Pieces;

/// <summary>Cuts a normalized text into pieces.</summary>
internal abstract class PieceEncoder
{
    /// <summary>The pieces in order; together they are the text.</summary>
    /// <param name="text">Normalized UTF-8.</param>
    /// <returns>The bytes of each piece, and its id; one character if unknown.</returns>
    public abstract IEnumerable<(Range Place, int Id)> Encode(byte[] text);
}

/// <summary>Unigram: of all ways to cut a text, the one with the greatest sum of log probabilities (Kudo, 2018).</summary>
/// <param name="pieces">The pieces.</param>
/// <remarks>The sums are in single precision, as in SentencePiece, so that near ties fall the same way.</remarks>
internal sealed class UnigramPieces(PieceList pieces) : PieceEncoder
{
    private readonly float _unknownScore = pieces.LeastScore - 10;

    /// <inheritdoc/>
    public override IEnumerable<(Range Place, int Id)> Encode(byte[] text)
    {
        var best = new (int Start, int Id, float Score)[text.Length + 1];
        Array.Fill(best, (-1, -1, 0));
        for (int start = 0; start < text.Length;)
        {
            float before = best[start].Score;
            int character = PieceList.LengthOfCharacter(text.AsSpan(start));
            bool known = false;
            PieceList.Matches matches = pieces.Starting(text.AsSpan(start));
            while (matches.Next())
            {
                Piece piece = pieces[matches.Id];
                if (piece.Kind == PieceKind.Unused)
                {
                    continue;
                }

                // A user-defined piece is worth more than any other way to cut its bytes.
                double score = piece.Kind == PieceKind.UserDefined ? (matches.Length * 1.17549435e-38f) - 0.1 : piece.Score;
                Offer(ref best[start + matches.Length], start, matches.Id, score + before);
                known |= matches.Length == character;
            }

            if (!known)
            {
                Offer(ref best[start + character], start, pieces.UnknownId, _unknownScore + before);
            }

            start += character;
        }

        var cut = new List<(Range, int)>();
        for (int end = text.Length; end > 0; end = best[end].Start)
        {
            cut.Add((best[end].Start..end, best[end].Id));
        }

        cut.Reverse();
        return cut;
    }

    private static void Offer(ref (int Start, int Id, float Score) best, int start, int id, double score)
    {
        if (best.Start < 0 || score > best.Score)
        {
            best = (start, id, (float)score);
        }
    }
}

/// <summary>BPE: neighbors are merged, those with the greatest score first, and of equal ones the leftmost (Sennrich et al., 2016).</summary>
/// <param name="pieces">The pieces.</param>
internal sealed class BpePieces(PieceList pieces) : PieceEncoder
{
    private static readonly Comparer<(float Score, int Left, int Length)> FirstMerge = Comparer<(float Score, int Left, int Length)>.Create(
        (a, b) => b.Score.CompareTo(a.Score) is var order && order != 0 ? order : (a.Left, a.Length).CompareTo((b.Left, b.Length)));

    /// <inheritdoc/>
    public override IEnumerable<(Range Place, int Id)> Encode(byte[] text)
    {
        List<Part> parts = Parts(text);
        var merges = new PriorityQueue<Merge, (float, int, int)>(FirstMerge);
        var unused = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int right = 1; right < parts.Count; right++)
        {
            Propose(right - 1, right);
        }

        while (merges.TryDequeue(out Merge merge, out _))
        {
            Part left = parts[merge.Left];
            Part right = parts[merge.Right];
            if (left.Length == 0 || right.Length == 0 || left.Length + right.Length != merge.Length)
            {
                continue;
            }

            parts[merge.Left] = left with { Length = merge.Length, Next = right.Next };
            parts[merge.Right] = right with { Length = 0 };
            if (right.Next >= 0)
            {
                parts[right.Next] = parts[right.Next] with { Previous = merge.Left };
            }

            Propose(left.Previous, merge.Left);
            Propose(merge.Left, right.Next);
        }

        var cut = new List<(Range, int)>();
        for (int at = parts.Count == 0 ? -1 : 0; at >= 0; at = parts[at].Next)
        {
            Add(parts[at].Start, parts[at].Length);
        }

        return cut;

        void Propose(int left, int right)
        {
            if (left < 0 || right < 0 || parts[left].IsWhole || parts[right].IsWhole)
            {
                return;
            }

            int start = parts[left].Start;
            int length = parts[left].Length + parts[right].Length;
            int id = pieces.Find(text.AsSpan(start, length));
            if (id < 0)
            {
                return;
            }

            merges.Enqueue(new Merge(left, right, length), (pieces[id].Score, left, length));
            if (pieces[id].Kind == PieceKind.Unused)
            {
                unused[Convert.ToHexString(text, start, length)] = parts[left].Length;
            }
        }

        // A piece that is not to be used is the two that it was merged from.
        void Add(int start, int length)
        {
            int id = pieces.Find(text.AsSpan(start, length));
            if (id >= 0 && pieces[id].Kind == PieceKind.Unused
                && unused.TryGetValue(Convert.ToHexString(text, start, length), out int first))
            {
                Add(start, first);
                Add(start + first, length - first);
            }
            else
            {
                cut.Add((start..(start + length), id < 0 ? pieces.UnknownId : id));
            }
        }
    }

    // A user-defined piece, or one character.
    private List<Part> Parts(byte[] text)
    {
        var parts = new List<Part>(text.Length);
        for (int start = 0; start < text.Length;)
        {
            int whole = pieces.LengthOfUserDefined(text.AsSpan(start));
            int length = whole > 0 ? whole : PieceList.LengthOfCharacter(text.AsSpan(start));
            int next = start + length < text.Length ? parts.Count + 1 : -1;
            parts.Add(new Part(start, length, parts.Count - 1, next, whole > 0));
            start += length;
        }

        return parts;
    }

    /// <summary>A part of the text; of length 0 once it is merged into the one before it.</summary>
    private readonly record struct Part(int Start, int Length, int Previous, int Next, bool IsWhole);

    private readonly record struct Merge(int Left, int Right, int Length);
}
