namespace OneRec.Testing.Onnx;

/// <summary>A SentencePiece unigram model of a few pieces, written byte by byte (field numbers of sentencepiece_model.proto).</summary>
public static class TinySentencePiece
{
    private const int Unigram = 1;

    /// <summary>The file's bytes: <c>&lt;unk&gt;</c>, <c>&lt;s&gt;</c>, <c>&lt;/s&gt;</c> at 0 to 2, then the pieces.</summary>
    /// <param name="pieces">Pieces with their log probabilities; a space is written as U+2581.</param>
    public static byte[] Model(IEnumerable<(string Piece, float Score)> pieces)
    {
        ProtoWriter model = new ProtoWriter()
            .Message(1, Piece("<unk>", 0, type: 2))
            .Message(1, Piece("<s>", 0, type: 3))
            .Message(1, Piece("</s>", 0, type: 3));
        foreach ((string piece, float score) in pieces)
        {
            model.Message(1, Piece(piece, score, type: 1));
        }

        return model
            .Message(2, new ProtoWriter().Whole(3, Unigram).Whole(40, 0).Whole(41, 1).Whole(42, 2))
            .Message(3, new ProtoWriter().Text(1, "identity").Whole(3, 1).Whole(4, 1).Whole(5, 1))
            .ToArray();
    }

    private static ProtoWriter Piece(string text, float score, int type) =>
        new ProtoWriter().Text(1, text).Single(2, score).Whole(3, type);
}
