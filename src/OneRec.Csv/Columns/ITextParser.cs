using OneRec.Csv.Types;

namespace OneRec.Csv.Columns;

/// <summary>Parses a value from UTF-8 text. Implementations are structs, so that the call is inlined.</summary>
internal interface ITextParser<T>
{
    /// <summary>Parses a text; false if it is not a value.</summary>
    bool TryParse(ReadOnlySpan<byte> text, out T value);
}

/// <summary>Parses BIGINT.</summary>
internal readonly struct BigIntParser : ITextParser<long>
{
    /// <inheritdoc/>
    public bool TryParse(ReadOnlySpan<byte> text, out long value) => TypedText.TryBigInt(text, out value);
}

/// <summary>Parses BIGINT from any text of a whole number.</summary>
internal readonly struct WholeNumberParser : ITextParser<long>
{
    /// <inheritdoc/>
    public bool TryParse(ReadOnlySpan<byte> text, out long value) => TypedText.TryWholeNumber(text, out value);
}

/// <summary>Parses DOUBLE.</summary>
internal readonly struct DoubleParser : ITextParser<double>
{
    /// <inheritdoc/>
    public bool TryParse(ReadOnlySpan<byte> text, out double value) => TypedText.TryDouble(text, out value);
}

/// <summary>Parses DATE as days since 1970.</summary>
internal readonly struct DateParser : ITextParser<int>
{
    /// <inheritdoc/>
    public bool TryParse(ReadOnlySpan<byte> text, out int value) => TypedText.TryDate(text, out value);
}

/// <summary>Parses times in a unit as microseconds since 1970.</summary>
internal readonly struct MicrosParser(InputTimeUnit unit) : ITextParser<long>
{
    /// <inheritdoc/>
    public bool TryParse(ReadOnlySpan<byte> text, out long value) => TypedText.TryMicros(text, unit, out value);
}
