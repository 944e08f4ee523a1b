using System.Globalization;
using System.Text;

namespace OneRec.Kernels.Clustering.Rows;

/// <summary>An item id, BIGINT or STRING. BIGINT ids are ordered as numbers, STRING ids by unsigned UTF-8 bytes.</summary>
public readonly struct ItemId : IComparable<ItemId>, IEquatable<ItemId>
{
    private readonly byte[]? _utf8;

    private ItemId(long number, byte[]? utf8)
    {
        Number = number;
        _utf8 = utf8;
    }

    /// <summary>The number; 0 if the id is a STRING.</summary>
    public long Number { get; }

    /// <summary>Whether the id is a STRING.</summary>
    public bool IsText => _utf8 is not null;

    /// <summary>The UTF-8 bytes of a STRING id.</summary>
    public ReadOnlySpan<byte> Utf8 => _utf8;

    /// <summary>A BIGINT id.</summary>
    public static ItemId Of(long number) => new(number, null);

    /// <summary>A STRING id from its UTF-8 bytes.</summary>
    public static ItemId Of(ReadOnlySpan<byte> utf8) => new(0, utf8.ToArray());

    /// <summary>A STRING id.</summary>
    public static ItemId Of(string text) => new(0, Encoding.UTF8.GetBytes(text));

    /// <inheritdoc/>
    public static bool operator ==(ItemId left, ItemId right) => left.Equals(right);

    /// <inheritdoc/>
    public static bool operator !=(ItemId left, ItemId right) => !left.Equals(right);

    /// <inheritdoc/>
    public static bool operator <(ItemId left, ItemId right) => left.CompareTo(right) < 0;

    /// <inheritdoc/>
    public static bool operator >(ItemId left, ItemId right) => left.CompareTo(right) > 0;

    /// <inheritdoc/>
    public static bool operator <=(ItemId left, ItemId right) => left.CompareTo(right) <= 0;

    /// <inheritdoc/>
    public static bool operator >=(ItemId left, ItemId right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public int CompareTo(ItemId other) => _utf8 is null || other._utf8 is null
        ? Number.CompareTo(other.Number)
        : _utf8.AsSpan().SequenceCompareTo(other._utf8);

    /// <inheritdoc/>
    public bool Equals(ItemId other) => IsText == other.IsText && CompareTo(other) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ItemId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Number.GetHashCode() ^ (_utf8?.Length ?? 0);

    /// <summary>The id as text, as used in hashes and messages.</summary>
    public override string ToString() =>
        _utf8 is null ? Number.ToString(CultureInfo.InvariantCulture) : Encoding.UTF8.GetString(_utf8);
}
