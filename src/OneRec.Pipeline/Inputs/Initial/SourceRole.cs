namespace OneRec.Pipeline.Inputs.Initial;

/// <summary>What an input is by its columns.</summary>
internal enum SourceRole
{
    /// <summary>None that is known.</summary>
    None,

    /// <summary>Users and items: <c>input.interactions</c>.</summary>
    Log,

    /// <summary>Items and texts: <c>input.items</c>.</summary>
    Items,

    /// <summary>An item and a tag: <c>input.tags</c>.</summary>
    Tags,

    /// <summary>Vectors by <c>item_id</c>: <c>input.tokens</c>.</summary>
    Tokens,

    /// <summary>Images by <c>item_id</c> and <c>position</c>: <c>input.images</c>.</summary>
    Images,
}
