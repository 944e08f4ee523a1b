using OneRec.Scoring.Models;
using OneRec.Scoring.Text;
using OneRec.Testing;

namespace OneRec.Scoring.Tests.Text;

/// <summary>The numbers of the shared folder's README, on the real model and the manifest that we ship.</summary>
public sealed class MiniLmTests
{
    private const string ToyStory = "Toy Story (1995). Adventure, Animation, Children, Comedy, Fantasy";

    private static readonly Lazy<TextEncoder> Encoder = new(() => TextEncoder.Open(Model()));

    internal static ModelFolder Model() =>
        ModelFolder.Open(Desk.MiniLm(), Path.Combine(Desk.Root, "conf", "models", "all-minilm-l6-v2.json"));

    [Fact]
    public void Token_ids_are_those_of_uncased_bert()
    {
        int[] ids = Open().Tokenizer.Encode([new TextPart(ToyStory)], ". ");
        Assert.Equal(
            [101, 9121, 2466, 1006, 2786, 1007, 1012, 6172, 1010, 7284, 1010, 2336, 1010, 4038, 1010, 5913, 102], ids);
    }

    [Fact]
    public void Title_and_tags_as_fields_give_the_ids_of_the_joined_text()
    {
        TextTokenizer tokenizer = Open().Tokenizer;
        Assert.Equal(
            tokenizer.Encode([new TextPart(ToyStory)], ". "),
            tokenizer.Encode(
                [new TextPart("Toy Story (1995)"), new TextPart("Adventure, Animation, Children, Comedy, Fantasy")], ". "));
    }

    [Fact]
    public void Accents_are_taken_off()
    {
        TextTokenizer tokenizer = Open().Tokenizer;
        int[] ids = tokenizer.Encode([new TextPart("Mis\u00E9rables, Les (1995)")], ". ");
        Assert.Equal([101, 13736, 2015, 1010, 4649, 1006, 2786, 1007, 102], ids);
        Assert.Equal(ids, tokenizer.Encode([new TextPart("Miserables, Les (1995)")], ". "));
    }

    [Fact]
    public void A_field_is_cut_to_its_budget_and_the_whole_to_the_models_length()
    {
        TextTokenizer tokenizer = Open().Tokenizer;
        string longSpeech = string.Concat(Enumerable.Repeat("speech ", 2000));
        int[] budgeted = tokenizer.Encode(
            [new TextPart("toy story"), new TextPart(longSpeech, 3), new TextPart("ants")], ". ");
        Assert.Equal([101, 9121, 2466, 1012, 4613, 4613, 4613, 1012, 16111, 102], budgeted);

        int[] whole = tokenizer.Encode([new TextPart(longSpeech), new TextPart("ants")], ". ");
        Assert.Equal(512, whole.Length);
        Assert.Equal(102, whole[^1]);
        Assert.All(whole[1..^1], id => Assert.Equal(4613, id));
    }

    [Fact]
    public void Blank_fields_are_left_out_with_their_separator()
    {
        TextTokenizer tokenizer = Open().Tokenizer;
        Assert.Equal(
            tokenizer.Encode([new TextPart("toy story")], ". "),
            tokenizer.Encode([new TextPart(" "), new TextPart("toy story"), new TextPart("")], ". "));
        Assert.Empty(tokenizer.Encode([new TextPart(""), new TextPart("\t ")], ". "));
    }

    // The published cosines were taken in one padded batch, whose dynamic range moves them: Heat is 0.404 there and
    // 0.417 by itself.
    [Theory]
    [InlineData("A Bug's Life (1998). animation, ants", 0.42)]
    [InlineData("Heat (1995). Action Crime Thriller", 0.40)]
    [InlineData("The weather is nice today", 0.0)]
    public void Cosine_to_toy_story_is_the_published_one(string other, double expected)
    {
        double cosine = Cosine(Vector(ToyStory), Vector(other));
        Assert.Equal(expected, cosine, 0.02);
    }

    [Fact]
    public void Pooled_output_is_the_normalised_mean_of_the_token_outputs()
    {
        ModelFolder model = Model();
        ModelFolder byTokens = model with { Manifest = model.Manifest with { PooledOutput = null } };
        using TextEncoder encoder = TextEncoder.Open(byTokens);
        var mean = new float[384];
        encoder.Encode(encoder.Tokenizer.Encode([new TextPart(ToyStory)], ". "), mean);
        Assert.Equal(1.0, Cosine(Vector(ToyStory), mean), 1e-6);
    }

    [Fact]
    public void Identity_holds_the_files_hashes_and_no_path()
    {
        string identity = Model().Identity().ToJsonString();
        Assert.Contains("\"model-int8.onnx\":\"", identity, StringComparison.Ordinal);
        Assert.DoesNotContain(Desk.Shared, identity, StringComparison.Ordinal);
    }

    private static TextEncoder Open()
    {
        Desk.MiniLm();
        return Encoder.Value;
    }

    private static float[] Vector(string text)
    {
        TextEncoder encoder = Open();
        var vector = new float[encoder.Dimensions];
        encoder.Encode(encoder.Tokenizer.Encode([new TextPart(text)], ". "), vector);
        return vector;
    }

    private static double Cosine(float[] a, float[] b)
    {
        double ab = 0, aa = 0, bb = 0;
        for (int i = 0; i < a.Length; i++)
        {
            ab += (double)a[i] * b[i];
            aa += (double)a[i] * a[i];
            bb += (double)b[i] * b[i];
        }

        return ab / Math.Sqrt(aa * bb);
    }
}
