namespace OneRec.Scoring.Models;

/// <summary>Section <c>tokenizer</c> of a manifest. The one kind is <c>wordpiece</c>: BERT's basic and WordPiece tokenizing.</summary>
public sealed record TokenizerManifest
{
    /// <summary>The vocabulary, a token a line, beside the ONNX file; it holds <c>[CLS]</c>, <c>[SEP]</c>, <c>[UNK]</c>.</summary>
    public required string Vocab { get; init; }

    /// <summary>Whether text is lower-cased first.</summary>
    /// <value>Default true ("uncased" models).</value>
    public bool LowerCase { get; init; } = true;

    /// <summary>Whether accents are taken off first, as uncased BERT models were trained.</summary>
    /// <value>Default: the value of <see cref="LowerCase"/>.</value>
    public bool StripAccents { get; init; } = true;
}
