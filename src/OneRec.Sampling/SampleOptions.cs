using System.Text.Json.Serialization;
using OneRec.Core;

namespace OneRec.Sampling;

/// <summary>Options of <c>onerec sample</c>. Equal options give equal bytes.</summary>
public sealed record SampleOptions
{
    /// <summary>Number of items in the catalogue.</summary>
    /// <value>1 to 100,000,000. Default 2,000.</value>
    public int Items { get; init; } = 2_000;

    /// <summary>Number of users in the log.</summary>
    /// <value>1 to 1,000,000,000. Default 1,000.</value>
    public int Users { get; init; } = 1_000;

    /// <summary>Number of rows in the log.</summary>
    /// <value>0 to 10^11. Default 50,000.</value>
    public long Interactions { get; init; } = 50_000;

    /// <summary>Number of latent topics, each with four subtopics.</summary>
    /// <value>1 to 4,096. Default 16.</value>
    public int Topics { get; init; } = 16;

    /// <summary>Number of token vectors per item.</summary>
    /// <value>1 to 4,096. Default 8.</value>
    public int Tokens { get; init; } = 8;

    /// <summary>Dimensions of a token vector.</summary>
    /// <value>1 to 16,384. Default 64.</value>
    public int Dimensions { get; init; } = 64;

    /// <summary>Value type of the token vectors in the file.</summary>
    /// <value>Default <see cref="SampleTokenType.Float"/>.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public SampleTokenType TokenType { get; init; }

    /// <summary>
    /// Strength of what users do not care about: each item has one of eight styles, whose vector is added to its token
    /// vectors, and whose colour tints its cover.
    /// </summary>
    /// <value>0 to 100, where 1 is as long as a topic's vector. Default 0: none.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double Style { get; init; }

    /// <summary>Number of items, from the first, that get a cover as a PNG image.</summary>
    /// <value>0 to <see cref="Items"/>. Default 0: no file is written.</value>
    public int Covers { get; init; }

    /// <summary>Seed of all random draws.</summary>
    /// <value>Default 1.</value>
    public long Seed { get; init; } = 1;

    /// <summary>Adds one line per invalid option of the command line; never throws.</summary>
    public void Validate(Problems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        problems.Require(Items is >= 1 and <= 100_000_000, "--items", "must be 1 to 100000000", Items);
        problems.Require(Users is >= 1 and <= 1_000_000_000, "--users", "must be 1 to 1000000000", Users);
        problems.Require(Interactions is >= 0 and <= 100_000_000_000, "--interactions", "must be 0 to 100000000000", Interactions);
        problems.Require(Topics is >= 1 and <= 4_096, "--topics", "must be 1 to 4096", Topics);
        problems.Require(
            Tokens is >= 1 and <= 4_096 && Dimensions is >= 1 and <= 16_384,
            "--tokens",
            "must be vectors x floats, 1x1 to 4096x16384, such as 8x64",
            $"{Tokens}x{Dimensions}");
        problems.Require(Style is >= 0 and <= 100, "--style", "must be 0 to 100", Style);
        problems.Require(Covers >= 0 && Covers <= Items, "--covers", "must be 0 to --items", Covers);
    }
}
