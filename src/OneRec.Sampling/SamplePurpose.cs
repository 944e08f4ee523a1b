namespace OneRec.Sampling;

/// <summary>What a stream of draws is for; streams of two purposes share nothing.</summary>
internal enum SamplePurpose
{
    /// <summary>A topic's centre.</summary>
    Topic = 1,

    /// <summary>A subtopic's centre.</summary>
    Subtopic,

    /// <summary>An item's words.</summary>
    Words,

    /// <summary>An item's vectors.</summary>
    Vectors,

    /// <summary>How much a user does.</summary>
    Activity,

    /// <summary>What a user likes and does.</summary>
    User,

    /// <summary>Which id has which popularity.</summary>
    Order,

    /// <summary>Words of topics beyond the written ones.</summary>
    Language,

    /// <summary>What is where on an item's cover.</summary>
    Cover,

    /// <summary>A topic's colours on covers.</summary>
    CoverTopic,
}
