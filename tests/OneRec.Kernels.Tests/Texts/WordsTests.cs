using OneRec.Kernels.Texts;

namespace OneRec.Kernels.Tests.Texts;

/// <summary>How texts of any script are split into words.</summary>
public sealed class WordsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(" -- ! ", "")]
    [InlineData("Toy Story 2 (1999)", "toy|story|2|1999")]
    [InlineData("A Bug's Life, 'tis the boys'", "a|bug's|life|tis|the|boys")]
    [InlineData("Bug’s", "bug's")]
    [InlineData("ＡＢＣ１", "abc1")]
    [InlineData("Amélie Ame\u0301lie", "amélie|amélie")]
    [InlineData("千と千尋の神隠し", "千と|と千|千尋|尋の|の神|神隠|隠し")]
    [InlineData("愛", "愛")]
    [InlineData("iPhone手机壳", "iphone|手机|机壳")]
    [InlineData("기생충 2019", "기생충|2019")]
    [InlineData("हिन्दी फ़िल्म", "हिन्दी|फ़िल्म")]
    [InlineData("Братья", "братья")]
    [InlineData("x\0y\u001b[2J", "x|y|2j")]
    [InlineData("\ud800a \U00020000\U00020001", "a|\U00020000\U00020001")]
    public void Words_are_split(string text, string expected) =>
        Assert.Equal(expected.Normalize(System.Text.NormalizationForm.FormKC), string.Join('|', Words.Of(text)));

    [Fact]
    public void What_is_too_long_to_be_a_word_is_left_out() =>
        Assert.Equal(["a", new string('y', 64)], Words.Of($"a {new string('x', 65)} {new string('y', 64)}"));

    [Fact]
    public void A_word_that_only_the_group_has_scores_by_the_formula_of_the_paper()
    {
        // y = 3 of n = 10, Y = 3 of N = 100: the prior of the word is 10 * 3 / 100 = 0.3, of all words 10.
        double delta = Math.Log((3 + 0.3) / (10 + 10 - 3 - 0.3)) - Math.Log((0 + 0.3) / (90 + 10 - 0 - 0.3));
        double expected = delta / Math.Sqrt((1 / 3.3) + (1 / 0.3));
        Assert.Equal(expected, TellingWordsKernel.Score(3, 3, 10, 100), 1e-12);
        Assert.True(TellingWordsKernel.Score(1, 50, 10, 100) < 0);
        Assert.Equal(0, TellingWordsKernel.Score(3, 30, 10, 100), 1e-12);
        Assert.True(double.IsNaN(TellingWordsKernel.Score(3, 3, 3, 3)));
    }
}
