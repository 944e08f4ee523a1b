namespace OneRec.Pipeline.Engine;

/// <summary>How one engine's SQL writes values and names, so that any value reads back as itself.</summary>
/// <remarks>Whole numbers are the same everywhere and are written by <see cref="SqlRenderer"/>.</remarks>
public interface ISqlDialect
{
    /// <summary>A string literal, for every text: quotes, backslashes, line breaks, characters outside the BMP.</summary>
    string Text(string value);

    /// <summary>A quoted identifier of one part; its case and odd characters are kept.</summary>
    string Name(string value);

    /// <summary>A DOUBLE expression that has exactly these bits (any NaN is one NaN), negative zero and infinities included.</summary>
    string Real(double value);

    /// <summary>A TIMESTAMP expression of this instant in UTC, to the microsecond.</summary>
    string Instant(DateTimeOffset value);
}
