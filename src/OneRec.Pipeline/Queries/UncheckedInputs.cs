using OneRec.Inputs.Options;
using OneRec.Pipeline.Configuration;

namespace OneRec.Pipeline.Queries;

/// <summary>Inputs that the engine of a check does not read, although the engine of the run does.</summary>
internal static class UncheckedInputs
{
    /// <summary>Takes such inputs out of the options, and reports each as not checked.</summary>
    /// <param name="store">The files of the engine that checks.</param>
    /// <param name="options">The options.</param>
    /// <param name="runsOn">The engine of the run.</param>
    /// <param name="facts">Receives a fact per input.</param>
    /// <returns>The options without them, and their keys.</returns>
    public static (OneRecOptions Options, IReadOnlyList<string> Keys) Leave(
        IInputStore store, OneRecOptions options, string runsOn, List<CheckFact> facts)
    {
        InputOptions input = options.Input;
        (string Key, string Section, InputPaths? Names, Func<InputOptions, InputOptions> Without)[] all =
        [
            ("input.items", "catalogue", input.Items, i => i with { Items = null }),
            ("input.tags", "catalogue", input.Tags, i => i with { Tags = null }),
            ("input.interactions", "log", input.Interactions, i => i with { Interactions = null }),
            ("input.tokens", "vectors", input.Tokens, i => i with { Tokens = null }),
            ("input.images", "images", input.Images, i => i with { Images = null }),
        ];
        var keys = new List<string>();
        foreach ((string key, string section, InputPaths? names, Func<InputOptions, InputOptions> without) in all)
        {
            if (names is null || names.All.All(n => store.WhyNot(n) is null))
            {
                continue;
            }

            new CheckFacts(section, facts).Text(
                "not_checked", $"{key}={names} is read by {runsOn}, but a check runs in this process without it; 'onerec run' checks it first");
            input = without(input);
            keys.Add(key);
        }

        return (options with { Input = input }, keys);
    }
}
