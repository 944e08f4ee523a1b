using System.Buffers;
using System.Buffers.Binary;

namespace OneRec.Delta;

/// <summary>Where the column chunks of a Parquet file are, from its footer (parquet.thrift, <c>FileMetaData</c>).</summary>
/// <remarks>The Parquet library does not tell: it gives the sizes of chunks but not their places.</remarks>
internal static class ChunkPlaces
{
    // Length of the footer, then the magic.
    private const int TailBytes = 8;

    /// <summary>The chunks in the order of the file: first byte, length, number of values. None if the footer is encrypted.</summary>
    /// <exception cref="InvalidDataException">There is no footer that can be read.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static List<(long Start, long Length, long Values)> Read(Stream file)
    {
        Span<byte> tail = stackalloc byte[TailBytes];
        if (file.Length < TailBytes)
        {
            throw new InvalidDataException("too short for Parquet");
        }

        file.Position = file.Length - TailBytes;
        file.ReadExactly(tail);
        int length = BinaryPrimitives.ReadInt32LittleEndian(tail);
        if (tail[4..].SequenceEqual("PARE"u8))
        {
            return [];
        }

        if (!tail[4..].SequenceEqual("PAR1"u8) || length <= 0 || length > file.Length - TailBytes)
        {
            throw new InvalidDataException("no footer");
        }

        byte[] footer = new byte[length];
        file.Position = file.Length - TailBytes - length;
        file.ReadExactly(footer);
        var reader = new ThriftReader(footer);
        var chunks = new List<(long, long, long)>();
        int field = 0;
        while (reader.TryField(ref field, out int type))
        {
            if (field == 4 && type == ThriftReader.List)
            {
                ReadGroups(ref reader, chunks);
            }
            else
            {
                reader.Skip(type);
            }
        }

        if (reader.Status != OperationStatus.Done || chunks.Exists(c => c.Item1 < 0 || c.Item2 < 0 || c.Item3 < 0))
        {
            throw new InvalidDataException("the footer is damaged");
        }

        // A footer that lets chunks share bytes would have them read once for each.
        long left = file.Length;
        foreach ((_, long bytes, _) in chunks)
        {
            left = bytes > left ? throw new InvalidDataException("the chunks are larger than the file") : left - bytes;
        }

        chunks.Sort();
        return chunks;
    }

    private static void ReadGroups(ref ThriftReader reader, List<(long, long, long)> chunks)
    {
        (long groups, _) = reader.StartList();
        for (long group = 0; group < groups && reader.Status == OperationStatus.Done; group++)
        {
            int field = 0;
            while (reader.TryField(ref field, out int type))
            {
                if (field != 1 || type != ThriftReader.List)
                {
                    reader.Skip(type);
                    continue;
                }

                (long columns, _) = reader.StartList();
                for (long column = 0; column < columns && reader.Status == OperationStatus.Done; column++)
                {
                    ReadChunk(ref reader, chunks);
                }
            }
        }
    }

    private static void ReadChunk(ref ThriftReader reader, List<(long, long, long)> chunks)
    {
        int field = 0;
        while (reader.TryField(ref field, out int type))
        {
            if (field != 3 || type != ThriftReader.Structure)
            {
                reader.Skip(type);
                continue;
            }

            (long values, long length, long data, long dictionary) = (0, 0, 0, 0);
            int inner = 0;
            while (reader.TryField(ref inner, out int kind))
            {
                switch (inner, kind)
                {
                    case (5, ThriftReader.Whole64):
                        values = reader.Whole();
                        break;
                    case (7, ThriftReader.Whole64):
                        length = reader.Whole();
                        break;
                    case (9, ThriftReader.Whole64):
                        data = reader.Whole();
                        break;
                    case (11, ThriftReader.Whole64):
                        dictionary = reader.Whole();
                        break;
                    default:
                        reader.Skip(kind);
                        break;
                }
            }

            chunks.Add((dictionary > 0 ? Math.Min(dictionary, data) : data, length, values));
        }
    }
}
