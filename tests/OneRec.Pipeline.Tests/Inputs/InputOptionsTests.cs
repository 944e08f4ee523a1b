using OneRec.Core;
using OneRec.Inputs.Options;
using OneRec.Pipeline.Steps.Pairs;
using OneRec.Pipeline.Steps.Swing;

namespace OneRec.Pipeline.Tests.Inputs;

public sealed class InputOptionsTests
{
    [Fact]
    public void Defaults_are_valid()
    {
        var problems = new Problems();
        new InputOptions().Validate(problems);
        new SwingOptions().Validate(problems);
        new PairsOptions().Validate(problems);
        Assert.Empty(problems.Lines);
    }

    [Fact]
    public void All_problems_of_the_section_are_reported()
    {
        var problems = new Problems();
        new InputOptions
        {
            From = "yesterday",
            To = "2024-01-31",
            Where = " ",
            Tags = "tags.csv",
            ItemFields = new ItemFieldOptions { Tags = "genres" },
            Columns = new InputColumns { User = "id", Item = "id" },
            Items = "s3a://KEY:SECRET@bucket/items",
            Interactions = "https://host/log.csv?sig=SECRET",
            Images = "hdfs://names/images",
        }.Validate(problems);
        Assert.Equal(
            [
                "input.columns must name three columns (got id, id, event_time)",
                "input.from must be an ISO 8601 date or time, such as 2024-01-31 or 2024-01-31T12:00:00Z (got yesterday)",
                "input.where must not be blank (got  )",
                "input.tags must not be set together with input.itemFields.tags (got tags.csv)",
                "input.interactions must have neither user and password nor a query; give credentials as options spark.hadoop.* (got https://host/log.csv?***)",
                "input.items must have neither user and password nor a query; give credentials as options spark.hadoop.* (got s3a://***@bucket/items)",
            ],
            problems.Lines);
    }

    [Fact]
    public void Time_range_must_not_be_empty()
    {
        var problems = new Problems();
        new InputOptions { From = "2024-01-31T12:00:00+02:00", To = "2024-01-31 10:00" }.Validate(problems);
        Assert.Equal(["input.to must be after input.from (got 2024-01-31 10:00)"], problems.Lines);
    }

    [Fact]
    public void Values_that_could_make_a_denominator_0_are_rejected()
    {
        var problems = new Problems();
        new SwingOptions { Alpha1 = -2, Alpha2 = double.NaN, Beta = 11, TopK = 0, MinUserItems = 3, MaxUserItems = 2, MaxItemUsers = 1 }
            .Validate(problems);
        Assert.Equal(
            [
                "swing.alpha1 must be above -2 (got -2)",
                "swing.alpha2 must be above -2 (got NaN)",
                "swing.beta must be -10 to 10 (got 11)",
                "swing.topK must be 1 to 10000 (got 0)",
                "swing.maxUserItems must be at least swing.minUserItems (got 2)",
                "swing.maxItemUsers must be at least 2 (got 1)",
            ],
            problems.Lines);
    }
}
