namespace OneRec.Pipeline.Engine;

/// <summary>A part of an engine's time so far.</summary>
/// <param name="What">What it went into, such as <c>start</c>.</param>
/// <param name="Seconds">Wall time.</param>
public sealed record TimeShare(string What, double Seconds);
