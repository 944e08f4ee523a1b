namespace OneRec.Scoring.Models;

/// <summary>Section <c>tokenizer</c> of a text model's manifest.</summary>
public sealed record TokenizerManifest
{
    /// <summary>How it cuts words.</summary>
    public required TokenizerKind Kind { get; init; }

    /// <summary>
    /// The vocabulary: of WordPiece a token a line, with <c>[CLS]</c>, <c>[SEP]</c>, <c>[UNK]</c>; of BPE a JSON object of token
    /// to id; of SentencePiece its <c>.model</c> file.
    /// </summary>
    public required string Vocab { get; init; }

    /// <summary>Of BPE the merges, one a line in order of rank; null for others.</summary>
    public string? Merges { get; init; }

    /// <summary>Of WordPiece, whether text is lower-cased first.</summary>
    /// <value>Default true ("uncased" models).</value>
    public bool LowerCase { get; init; } = true;

    /// <summary>Of WordPiece, whether accents are taken off first, as uncased BERT models were trained.</summary>
    /// <value>Default: the value of <see cref="LowerCase"/>.</value>
    public bool StripAccents { get; init; } = true;

    /// <summary>The token that every text starts with, such as <c>&lt;s&gt;</c>; null for none.</summary>
    /// <value>Of WordPiece always <c>[CLS]</c>.</value>
    public string? Start { get; init; }

    /// <summary>The token that every text ends with, such as <c>&lt;/s&gt;</c>; null for none.</summary>
    /// <value>Of WordPiece always <c>[SEP]</c>.</value>
    public string? End { get; init; }

    /// <summary>
    /// What is added to every id of a SentencePiece model: 1 for XLM-RoBERTa and its kin, which put <c>&lt;s&gt;</c>,
    /// <c>&lt;pad&gt;</c>, <c>&lt;/s&gt;</c> and <c>&lt;unk&gt;</c> at 0 to 3, where its file has <c>&lt;unk&gt;</c>,
    /// <c>&lt;s&gt;</c> and <c>&lt;/s&gt;</c> at 0 to 2.
    /// </summary>
    /// <value>0, the default, or 1.</value>
    public int Shift { get; init; }

    /// <summary>Its files.</summary>
    public IReadOnlyList<string> Files => Merges is null ? [Vocab] : [Vocab, Merges];

    /// <summary>Reads the section's keys.</summary>
    internal static TokenizerManifest Read(ManifestKeys keys)
    {
        switch (keys.OneOf("kind", "wordpiece", "bpe", "sentencepiece"))
        {
            case "bpe":
                keys.AllowOnly("kind", "vocab", "merges", "start", "end");
                return new TokenizerManifest
                {
                    Kind = TokenizerKind.Bpe,
                    Vocab = keys.FileName("vocab"),
                    Merges = keys.FileName("merges"),
                    Start = keys.Name("start"),
                    End = keys.Name("end"),
                };
            case "sentencepiece":
                keys.AllowOnly("kind", "vocab", "start", "end", "shift");
                return new TokenizerManifest
                {
                    Kind = TokenizerKind.SentencePiece,
                    Vocab = keys.FileName("vocab"),
                    Start = keys.Name("start"),
                    End = keys.Name("end"),
                    Shift = keys.Has("shift") ? keys.Whole("shift", 0, 1) : 0,
                };
            default:
                keys.AllowOnly("kind", "vocab", "lowerCase", "stripAccents");
                bool lowerCase = keys.Flag("lowerCase") ?? true;
                return new TokenizerManifest
                {
                    Kind = TokenizerKind.WordPiece,
                    Vocab = keys.FileName("vocab"),
                    LowerCase = lowerCase,
                    StripAccents = keys.Flag("stripAccents") ?? lowerCase,
                };
        }
    }
}
