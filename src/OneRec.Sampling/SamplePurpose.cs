namespace OneRec.Sampling;

/// <summary>The purpose of a random stream; streams of different purposes are independent.</summary>
internal enum SamplePurpose
{
    /// <summary>The centre of a topic.</summary>
    Topic = 1,

    /// <summary>The centre of a subtopic.</summary>
    Subtopic,

    /// <summary>The words of an item.</summary>
    Words,

    /// <summary>The vectors of an item.</summary>
    Vectors,

    /// <summary>How active a user is.</summary>
    Activity,

    /// <summary>The preferences and interactions of a user.</summary>
    User,

    /// <summary>The order of items by popularity.</summary>
    Order,

    /// <summary>Invented words for topics beyond the predefined ones.</summary>
    Language,

    /// <summary>The shapes on the cover of an item.</summary>
    Cover,

    /// <summary>The cover colours of a topic.</summary>
    CoverTopic,

    /// <summary>The style of an item.</summary>
    Style,

    /// <summary>The vector of a style.</summary>
    StyleVector,
}
