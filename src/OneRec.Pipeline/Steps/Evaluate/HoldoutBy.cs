namespace OneRec.Pipeline.Steps.Evaluate;

/// <summary>What decides which interactions are held out.</summary>
public enum HoldoutBy
{
    /// <summary>Whole users, by hash.</summary>
    Users,

    /// <summary>The last part of the log.</summary>
    Time,
}
