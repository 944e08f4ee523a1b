using OneRec.Csv.Types;

namespace OneRec.Csv.Columns;

/// <summary>Reads a value of UTF-8 text: a struct, so that the call is part of the loop around it.</summary>
internal interface ITextParser<T>
{
    /// <summary>Whether a text is a value.</summary>
    bool TryParse(ReadOnlySpan<byte> text, out T value);
}

/// <summary>Reads BIGINT.</summary>
internal readonly struct BigIntParser : ITextParser<long>
{
    /// <inheritdoc/>
    public bool TryParse(ReadOnlySpan<byte> text, out long value) => TypedText.TryBigInt(text, out value);
}

/// <summary>Reads DOUBLE.</summary>
internal readonly struct DoubleParser : ITextParser<double>
{
    /// <inheritdoc/>
    public bool TryParse(ReadOnlySpan<byte> text, out double value) => TypedText.TryDouble(text, out value);
}

/// <summary>Reads DATE as days since 1970.</summary>
internal readonly struct DateParser : ITextParser<int>
{
    /// <inheritdoc/>
    public bool TryParse(ReadOnlySpan<byte> text, out int value) => TypedText.TryDate(text, out value);
}

/// <summary>Reads times of a unit as microseconds since 1970.</summary>
internal readonly struct MicrosParser(InputTimeUnit unit) : ITextParser<long>
{
    /// <inheritdoc/>
    public bool TryParse(ReadOnlySpan<byte> text, out long value) => TypedText.TryMicros(text, unit, out value);
}
