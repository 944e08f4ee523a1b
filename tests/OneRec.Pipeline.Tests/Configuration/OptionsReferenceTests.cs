using OneRec.Cli;
using OneRec.Configuration;
using OneRec.Testing;

namespace OneRec.Pipeline.Tests.Configuration;

public sealed class OptionsReferenceTests
{
    [Fact]
    public void The_settings_page_is_what_the_options_say()
    {
        string path = Path.Combine(Desk.Root, "docs", "configuration.md");
        Assert.True(
            File.ReadAllText(path) == OptionsMarkdown.Write(OptionsReference.Read(StepComposition.All.Schema)),
            "docs/configuration.md differs from the options records; run scripts/docs and commit the page");
    }

    [Fact]
    public void Every_option_says_what_it_means()
    {
        IReadOnlyList<OptionEntry> entries = OptionsReference.Read(StepComposition.All.Schema);
        Assert.Contains(entries, e => e.Key == "run.retrain");
        Assert.Equal([], entries.Where(e => e.Summary.Length == 0).Select(e => e.Key));
    }

    [Fact]
    public void Defaults_and_types_are_those_of_the_records()
    {
        Dictionary<string, OptionEntry> entries = OptionsReference.Read(ConfigurationSchema.Of<KnownOptions>()).ToDictionary(e => e.Key);
        Assert.Equal("1", entries["seed"].Default);
        Assert.Equal(("\"tables\"", "path"), (entries["tables"].Default, entries["tables"].Type));
        Assert.Equal("[8192]", entries["swing.codes"].Default);
        Assert.Equal(("\"none\"", "none | max | kmeans++"), (entries["swing.mode"].Default, entries["swing.mode"].Type));
        Assert.Equal("null", entries["swing.maxUserItems"].Default);
        Assert.Equal("list of paths", entries["input.logs"].Type);
        Assert.Equal("required", entries["input.blocks[].kind"].Default);
        Assert.Equal("1", entries["input.blocks[].weight"].Default);
        Assert.Equal("If kind is text.", entries["input.blocks[].model"].Value);
        Assert.Equal("", entries["seed"].Section);
        Assert.Equal("input", entries["input.itemFields.item_id"].Section);
        Assert.DoesNotContain("derived", entries.Keys);
    }
}
