using OneRec.Cli;
using OneRec.Configuration;
using OneRec.Core;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Testing;

namespace OneRec.Pipeline.Tests.Configuration;

/// <summary>The files under <c>conf</c> read without a problem, and name what lies where the demo puts it.</summary>
public sealed class ShippedConfigurationsTests
{
    [Fact]
    public void Movielens_embeds_title_and_genres_by_the_shipped_manifest()
    {
        OneRecOptions options = Load("movielens.json");
        var text = Assert.IsType<TextInput>(Assert.Single(options.Section<EmbedOptions>().Inputs));
        Assert.Equal(["title", "caption"], text.Fields);
        Assert.Equal(". ", text.Separator);
        Assert.Equal(Path.Combine(Desk.Root, "conf", "models", "all-minilm-l6-v2.json"), text.Manifest);
        Assert.True(File.Exists(text.Manifest));
        Assert.Equal(Path.Combine(Desk.Shared, "models", "all-minilm-l6-v2"), text.Encoder);
        Assert.Equal(Path.Combine(Desk.Shared, "data", "ml-latest-small", "ratings.csv"), options.Input.Interactions);
        Assert.Equal("replace(genres, '|', ', ')", options.Input.ItemFields.Caption);
    }

    [Fact]
    public void Sample_reads_what_the_generator_writes()
    {
        OneRecOptions options = Load("sample.json");
        Assert.IsType<TokensInput>(Assert.Single(options.Section<EmbedOptions>().Inputs));
        string folder = Path.Combine(Desk.Root, "demo", "sample", "data");
        Assert.Equal(
            [Path.Combine(folder, "interactions.csv"), Path.Combine(folder, "items.csv"), Path.Combine(folder, "tokens.parquet")],
            [options.Input.Interactions, options.Input.Items, options.Input.Tokens]);
    }

    [Fact]
    public void Blocks_given_on_the_command_line_are_read_by_kind()
    {
        var problems = new Problems();
        OneRecOptions? options = StepComposition.Load(
            new ConfigurationSources
            {
                WorkingDirectory = "/w",
                Sets = ["embed.inputs=[{\"block\":\"text\",\"encoder\":\"m\",\"fields\":[\"title\",\"asr:64\"],\"weight\":2},{\"block\":\"tokens\"}]"],
            },
            problems);
        Assert.Empty(problems.Lines);
        var text = Assert.IsType<TextInput>(options!.Section<EmbedOptions>().Inputs[0]);
        Assert.Equal(("/w/m", 2.0), (text.Encoder, text.Weight));
        Assert.IsType<TokensInput>(options.Section<EmbedOptions>().Inputs[1]);

        StepComposition.Load(
            new ConfigurationSources { WorkingDirectory = "/w", Sets = ["embed.inputs=[{\"block\":\"picture\"},{\"block\":\"tokens\",\"weigth\":2}]"] },
            problems);
        Assert.Equal(
            [
                "embed.inputs[0].block must be one of text, image, tokens (got \"picture\") [--set]",
                "embed.inputs[1].weigth is not an option; did you mean embed.inputs[1].weight? [--set]",
            ],
            problems.Lines);
    }

    private static OneRecOptions Load(string file)
    {
        var problems = new Problems();
        OneRecOptions? options = StepComposition.Load(
            new ConfigurationSources { File = Path.Combine(Desk.Root, "conf", file), WorkingDirectory = "/" }, problems);
        Assert.Empty(problems.Lines);
        return options!;
    }
}
