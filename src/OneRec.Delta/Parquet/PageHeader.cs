using System.Buffers;

namespace OneRec.Delta;

/// <summary>
/// The header before a page of a Parquet file, in Thrift's compact protocol (parquet.thrift, <c>PageHeader</c>).
/// </summary>
/// <param name="Length">Bytes of the header.</param>
/// <param name="PageBytes">Bytes of the page after it.</param>
/// <param name="InflatedBytes">Bytes that the header says the page has when it is decompressed.</param>
/// <param name="Crc">The CRC-32 of these bytes; null if the writer left it out.</param>
/// <param name="Values">Number of values, nulls included; 0 for a page of another kind, which readers skip.</param>
internal readonly record struct PageHeader(int Length, int PageBytes, long InflatedBytes, uint? Crc, long Values)
{
    private const int KindField = 1;
    private const int InflatedBytesField = 2;
    private const int PageBytesField = 3;
    private const int CrcField = 4;
    private const int DataField = 5;
    private const int DataV2Field = 8;
    private const int ValuesField = 1;

    // Of data pages in either version.
    private const int DataKind = 0;
    private const int DataV2Kind = 3;

    /// <summary>Reads a header.</summary>
    /// <param name="bytes">Starts with the header.</param>
    /// <param name="header">The header.</param>
    /// <returns><see cref="OperationStatus.NeedMoreData"/> if the bytes end within it.</returns>
    public static OperationStatus TryRead(ReadOnlySpan<byte> bytes, out PageHeader header)
    {
        header = default;
        var reader = new ThriftReader(bytes);
        long kind = -1;
        long size = -1;
        long inflated = 0;
        long values = 0;
        uint? crc = null;
        int field = 0;
        while (reader.TryField(ref field, out int type))
        {
            switch (field, type)
            {
                case (KindField, ThriftReader.Whole32):
                    kind = reader.Whole();
                    break;
                case (InflatedBytesField, ThriftReader.Whole32):
                    inflated = reader.Whole();
                    break;
                case (PageBytesField, ThriftReader.Whole32):
                    size = reader.Whole();
                    break;
                case (CrcField, ThriftReader.Whole32):
                    crc = unchecked((uint)reader.Whole());
                    break;
                case (DataField or DataV2Field, ThriftReader.Structure):
                    values = ReadValues(ref reader);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        if (reader.Status != OperationStatus.Done)
        {
            return reader.Status;
        }

        bool valid = size is >= 0 and <= int.MaxValue && values >= 0;
        header = new PageHeader(reader.At, valid ? (int)size : 0, inflated, crc, kind is DataKind or DataV2Kind ? values : 0);
        return valid ? OperationStatus.Done : OperationStatus.InvalidData;
    }

    private static long ReadValues(ref ThriftReader reader)
    {
        long values = 0;
        int field = 0;
        while (reader.TryField(ref field, out int type))
        {
            if (field == ValuesField && type == ThriftReader.Whole32)
            {
                values = reader.Whole();
            }
            else
            {
                reader.Skip(type);
            }
        }

        return values;
    }
}
