using System.Text.Json.Serialization;

namespace OneRec.Csv.Types;

/// <summary>The type of an input column.</summary>
public enum ColumnType
{
    /// <summary>64-bit integers without leading zeros.</summary>
    [JsonStringEnumMemberName("BIGINT")]
    BigInt,

    /// <summary>64-bit floating point.</summary>
    [JsonStringEnumMemberName("DOUBLE")]
    Double,

    /// <summary>Text.</summary>
    [JsonStringEnumMemberName("STRING")]
    Text,

    /// <summary>ISO 8601 times.</summary>
    [JsonStringEnumMemberName("TIMESTAMP")]
    Timestamp,

    /// <summary>ISO 8601 dates.</summary>
    [JsonStringEnumMemberName("DATE")]
    Date,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    [JsonStringEnumMemberName("BOOLEAN")]
    Boolean,
}

/// <summary>Names of types.</summary>
public static class ColumnTypeNames
{
    /// <summary>The name of a type in SQL, options and messages.</summary>
    public static string SqlName(this ColumnType type) => type switch
    {
        ColumnType.BigInt => "BIGINT",
        ColumnType.Double => "DOUBLE",
        ColumnType.Timestamp => "TIMESTAMP",
        ColumnType.Date => "DATE",
        ColumnType.Boolean => "BOOLEAN",
        _ => "STRING",
    };
}
