using OneRec.Core;

namespace OneRec.Pipeline.Inputs;

/// <summary>Section <c>input.columns</c>: names of columns, exactly as the header writes them.</summary>
public sealed record InputColumns
{
    /// <summary>The log's user ids.</summary>
    /// <value>Default <c>user_id</c>.</value>
    public string User { get; init; } = "user_id";

    /// <summary>The log's item ids.</summary>
    /// <value>Default <c>item_id</c>.</value>
    public string Item { get; init; } = "item_id";

    /// <summary>The log's times.</summary>
    /// <value>Default <c>event_time</c>.</value>
    public string Time { get; init; } = "event_time";

    /// <summary>Item ids of <c>input.tags</c>.</summary>
    /// <value>Default <c>item_id</c>.</value>
    public string TagItem { get; init; } = "item_id";

    /// <summary>Tags of <c>input.tags</c>.</summary>
    /// <value>Default <c>tag</c>.</value>
    public string Tag { get; init; } = "tag";

    /// <summary>Adds a line per bad key; never throws.</summary>
    public void Validate(Problems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        (string Key, string Value)[] all =
            [("user", User), ("item", Item), ("time", Time), ("tagItem", TagItem), ("tag", Tag)];
        foreach ((string key, string value) in all)
        {
            problems.Require(value.Length > 0, $"input.columns.{key}", "must name a column", value);
        }

        problems.Require(
            User != Item && User != Time && Item != Time, "input.columns", "must name three columns", $"{User}, {Item}, {Time}");
    }
}
