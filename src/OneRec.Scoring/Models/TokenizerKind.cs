namespace OneRec.Scoring.Models;

/// <summary>How a tokenizer cuts words.</summary>
public enum TokenizerKind
{
    /// <summary>BERT's basic tokenizing and WordPiece (<c>wordpiece</c>): a vocabulary, a token a line.</summary>
    WordPiece,

    /// <summary>Byte-level BPE as of GPT-2 and RoBERTa (<c>bpe</c>): a vocabulary as JSON and a list of merges.</summary>
    Bpe,

    /// <summary>A SentencePiece model, BPE or unigram (<c>sentencepiece</c>): one file that holds everything.</summary>
    SentencePiece,
}
