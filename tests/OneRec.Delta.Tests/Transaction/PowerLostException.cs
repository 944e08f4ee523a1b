namespace OneRec.Delta.Tests;

/// <summary>Thrown by <see cref="PowerCut"/>; nothing in the product catches it.</summary>
internal sealed class PowerLostException() : Exception("the power is gone");
