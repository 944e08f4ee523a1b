using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Engine.Tables;

/// <summary>Arrow types that tables and inputs share.</summary>
public static class ArrowTypes
{
    /// <summary>A UTC timestamp of microseconds.</summary>
    public static readonly TimestampType Utc = new(TimeUnit.Microsecond, "UTC");

    /// <summary>A list of non-null elements.</summary>
    public static ListType ListOf(IArrowType element) => new(new Field("element", element, nullable: false));
}
