using System.Text;
using Apache.Arrow;
using OneRec.Core;
using OneRec.Kernels.Ids;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Scoring.Manifests;
using OneRec.Scoring.Models;
using OneRec.Scoring.Text;

namespace OneRec.Alignment.Steps;

/// <summary>Captions of items as tokens: title, caption and tags.</summary>
/// <param name="Captions">For each item by number its tokens, the end token last; empty if it has no text.</param>
/// <param name="Vocabulary">Number of tokens.</param>
internal sealed record CaptionTokens(IReadOnlyList<int[]> Captions, int Vocabulary)
{
    private const string Separator = ". ";
    private const int Bytes = 256;

    /// <summary>Makes the captions of items.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="rows">Rows of table <c>items</c>.</param>
    /// <param name="numbers">Numbers of the items.</param>
    /// <param name="embed">The blocks, the first of texts with the tokenizer.</param>
    /// <param name="options">The options.</param>
    /// <param name="end">The end token and the vocabulary of given weights; null: only tokens in use are kept, and one is added for the end.</param>
    /// <exception cref="OneRecException">
    /// <c>align.captions.tokenizer</c> is <c>text</c> without a text block, or a token is not in the vocabulary of the weights.
    /// </exception>
    public static CaptionTokens Read(
        IQueryEngine engine, IRelation rows, ItemNumbers numbers, EmbedOptions embed, CaptionOptions options, (int End, int Vocabulary)? end)
    {
        Func<string?[], int[]> tokenize = Tokenizer(embed, options);
        var captions = new int[numbers.Count][];
        System.Array.Fill(captions, []);
        foreach (RecordBatch batch in engine.Collect(engine.Sql(SqlScript.Load(typeof(CaptionTokens), "captions.sql"), ("items", rows))))
        {
            using (batch)
            {
                for (int row = 0; row < batch.Length; row++)
                {
                    if (numbers.Find(batch.Column(0), row) is >= 0 and var item)
                    {
                        int[] tokens = tokenize([Text(batch, 1, row), Text(batch, 2, row), Text(batch, 3, row)]);
                        captions[item] = tokens.Length > options.Length ? tokens[..options.Length] : tokens;
                    }
                }
            }
        }

        return end is null ? Dense(captions) : Given(captions, end.Value.End, end.Value.Vocabulary);
    }

    private static string? Text(RecordBatch batch, int column, int row) =>
        batch.Column(column) is StringArray texts && texts.IsValid(row) ? texts.GetString(row) : null;

    private static Func<string?[], int[]> Tokenizer(EmbedOptions embed, CaptionOptions options)
    {
        TextInput? text = embed.Inputs.OfType<TextInput>().FirstOrDefault();
        if (options.Tokenizer == "text" && text is null)
        {
            throw OneRecException.Configuration(
                "align.captions", "align.captions.tokenizer is text, but embed.inputs have no text block; set align.captions.tokenizer=bytes");
        }

        if (text is null || options.Tokenizer == "bytes")
        {
            return fields => [.. Encoding.UTF8.GetBytes(string.Join(Separator, fields.Where(f => !string.IsNullOrWhiteSpace(f)))).Select(b => (int)b)];
        }

        ModelFolder model = text.OpenModel();
        var tokenizer = TextTokenizer.Open(model, model.Expect<TextManifest>("text"));
        return fields => tokenizer.Inner(tokenizer.Encode([.. fields.Select(f => new TextPart(f ?? ""))], Separator));
    }

    private static CaptionTokens Dense(int[][] captions)
    {
        var numbers = new SortedSet<int>(captions.SelectMany(c => c)).Select((token, place) => (token, place)).ToDictionary(t => t.token, t => t.place);
        int[][] dense = [.. captions.Select(c => c.Length == 0 ? c : [.. c.Select(t => numbers[t]), numbers.Count])];
        return new CaptionTokens(dense, numbers.Count + 1);
    }

    private static CaptionTokens Given(int[][] captions, int end, int vocabulary)
    {
        int highest = captions.Max(c => c.Length == 0 ? 0 : c.Max());
        return highest < vocabulary
            ? new CaptionTokens([.. captions.Select(c => c.Length == 0 ? c : (int[])[.. c, end])], vocabulary)
            : throw OneRecException.Configuration(
                "align.captions.weights",
                $"align.captions.weights have {vocabulary} tokens, but the text block's tokenizer gives token {highest}; name the encoder of the same vocabulary");
    }
}
