namespace OneRec.Scoring.Manifests;

/// <summary>Section <c>tokenizer</c> of a text model's manifest.</summary>
public sealed record TokenizerManifest
{
    /// <summary>The kind of tokenizer.</summary>
    public required TokenizerKind Kind { get; init; }

    /// <summary>
    /// The vocabulary file. WordPiece: one token per line, including <c>[CLS]</c>, <c>[SEP]</c>, <c>[UNK]</c>; BPE: a JSON
    /// object from token to id; SentencePiece: its <c>.model</c> file.
    /// </summary>
    public required string Vocab { get; init; }

    /// <summary>BPE only: the file of merges, one per line in order of rank; otherwise null.</summary>
    public string? Merges { get; init; }

    /// <summary>WordPiece only: whether text is lower-cased first.</summary>
    /// <value>Default true ("uncased" models).</value>
    public bool LowerCase { get; init; } = true;

    /// <summary>WordPiece only: whether accents are stripped first, as in the training of uncased BERT models.</summary>
    /// <value>Default: the value of <see cref="LowerCase"/>.</value>
    public bool StripAccents { get; init; } = true;

    /// <summary>The token at the start of every text, such as <c>&lt;s&gt;</c>; null for none.</summary>
    /// <value>For WordPiece always <c>[CLS]</c>.</value>
    public string? Start { get; init; }

    /// <summary>The token at the end of every text, such as <c>&lt;/s&gt;</c>; null for none.</summary>
    /// <value>For WordPiece always <c>[SEP]</c>.</value>
    public string? End { get; init; }

    /// <summary>
    /// Added to every id of a SentencePiece model: 1 for XLM-RoBERTa and related models, which have <c>&lt;s&gt;</c>,
    /// <c>&lt;pad&gt;</c>, <c>&lt;/s&gt;</c> and <c>&lt;unk&gt;</c> at 0 to 3, while the file has <c>&lt;unk&gt;</c>,
    /// <c>&lt;s&gt;</c> and <c>&lt;/s&gt;</c> at 0 to 2.
    /// </summary>
    /// <value>0, the default, or 1.</value>
    public int Shift { get; init; }

    /// <summary>The tokenizer's files.</summary>
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

/// <summary>The kinds of tokenizers.</summary>
public enum TokenizerKind
{
    /// <summary>BERT's basic tokenizer and WordPiece (<c>wordpiece</c>): a vocabulary with one token per line.</summary>
    WordPiece,

    /// <summary>Byte-level BPE as in GPT-2 and RoBERTa (<c>bpe</c>): a vocabulary as JSON and a list of merges.</summary>
    Bpe,

    /// <summary>A SentencePiece model, BPE or unigram (<c>sentencepiece</c>): a single file.</summary>
    SentencePiece,
}
