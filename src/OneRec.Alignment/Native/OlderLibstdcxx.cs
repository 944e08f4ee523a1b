using System.Buffers.Binary;
using System.Text;

namespace OneRec.Alignment.Native;

/// <summary>
/// Makes a copy of TorchSharp's native library that loads where libstdc++ is older than that of GCC 13 (Debian 12,
/// Ubuntu 22.04).
/// </summary>
/// <remarks>
/// The library needs one symbol of <c>GLIBCXX_3.4.32</c>, <c>std::ios_base_library_init()</c>, which GCC 13 calls where
/// GCC 12 called <c>std::ios_base::Init::Init()</c>. The copy asks for the latter (<c>GLIBCXX_3.4</c>), which does the same
/// work. Structures are those of ELF64, little-endian (System V ABI, chapters 4 and 5; symbol versions: LSB Core, 10.7).
/// </remarks>
internal static class OlderLibstdcxx
{
    private const string NewVersion = "GLIBCXX_3.4.32";
    private const string OldVersion = "GLIBCXX_3.4";
    private const string NewSymbol = "_ZSt21ios_base_library_initv";
    private const string OldSymbol = "_ZNSt8ios_base4InitC1Ev";

    /// <summary>The library's bytes, asking for the older symbol.</summary>
    /// <param name="library">The bytes of the library.</param>
    /// <returns>A mended copy; null if the library does not need the newer version.</returns>
    /// <exception cref="InvalidDataException">Not such a library, or it needs another symbol of the newer version.</exception>
    public static byte[]? Mend(ReadOnlySpan<byte> library)
    {
        var elf = new ElfImage(library.ToArray());
        if (elf.Version(NewVersion) is not { } wanted || elf.Version(OldVersion) is not { } older)
        {
            return null;
        }

        int symbol = elf.SymbolOf(wanted.Index);
        string name = elf.SymbolName(symbol);
        if (name != NewSymbol)
        {
            throw new InvalidDataException($"it needs {name} of {NewVersion}");
        }

        elf.Rename(symbol, OldSymbol, older.Index);
        elf.Replace(wanted, older);
        return elf.Bytes;
    }
}

/// <summary>The dynamic section of an ELF64 file: its symbols and the versions of other libraries' symbols that it needs.</summary>
internal sealed class ElfImage
{
    private const int LoadSegment = 1;
    private const int DynamicSegment = 2;
    private const int SymbolBytes = 24;
    private const ulong StringTable = 5;
    private const ulong SymbolTable = 6;
    private const ulong SymbolVersions = 0x6FFF_FFF0;
    private const ulong NeededVersions = 0x6FFF_FFFE;
    private const ulong NeededVersionCount = 0x6FFF_FFFF;

    private readonly List<(ulong Address, ulong Offset, ulong Size)> _segments = [];
    private readonly Dictionary<string, NeededVersion> _versions = new(StringComparer.Ordinal);
    private readonly int _strings;
    private readonly int _symbols;
    private readonly int _symbolVersions;

    /// <summary>Reads the dynamic section.</summary>
    /// <param name="bytes">The file; changed in place.</param>
    /// <exception cref="InvalidDataException">Not a little-endian ELF64 file, or one without symbol versions.</exception>
    public ElfImage(byte[] bytes)
    {
        Bytes = bytes;
        if (bytes.Length < 64 || !bytes.AsSpan(0, 6).SequenceEqual("\u007FELF\u0002\u0001"u8))
        {
            throw new InvalidDataException("it is not a little-endian ELF64 file");
        }

        try
        {
            var tags = new Dictionary<ulong, ulong>();
            ReadSegments(tags);
            _strings = At(tags[StringTable]);
            _symbols = At(tags[SymbolTable]);
            _symbolVersions = At(tags[SymbolVersions]);
            ReadVersions(At(tags[NeededVersions]), (int)tags[NeededVersionCount]);
        }
        catch (Exception e) when (e is KeyNotFoundException or ArgumentOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException("its dynamic section has no symbol versions", e);
        }
    }

    /// <summary>The file.</summary>
    public byte[] Bytes { get; }

    /// <summary>A version that the file needs; null if it does not.</summary>
    public NeededVersion? Version(string name) => _versions.GetValueOrDefault(name);

    /// <summary>The first symbol of a version.</summary>
    public int SymbolOf(ushort version)
    {
        int symbol = 1;
        while (Short(_symbolVersions + (2 * symbol)) != version)
        {
            symbol++;
        }

        return symbol;
    }

    /// <summary>A symbol's name.</summary>
    public string SymbolName(int symbol) => Text(Word(_symbols + (SymbolBytes * symbol)));

    /// <summary>Gives a symbol another name, no longer than its own, and another version.</summary>
    public void Rename(int symbol, string name, ushort version)
    {
        int at = _strings + (int)Word(_symbols + (SymbolBytes * symbol));
        Encoding.ASCII.GetBytes(name + '\0').CopyTo(Bytes, at);
        BinaryPrimitives.WriteUInt16LittleEndian(Bytes.AsSpan(_symbolVersions + (2 * symbol)), version);
    }

    /// <summary>Makes the record of one needed version ask for another one; its index stays.</summary>
    public void Replace(NeededVersion version, NeededVersion by)
    {
        Bytes.AsSpan(by.Record, sizeof(uint)).CopyTo(Bytes.AsSpan(version.Record));
        BinaryPrimitives.WriteUInt32LittleEndian(Bytes.AsSpan(version.Record + 8), by.Name);
    }

    private void ReadSegments(Dictionary<ulong, ulong> tags)
    {
        int headers = checked((int)Long(32));
        int size = Short(54);
        int count = Short(56);
        for (int i = 0; i < count; i++)
        {
            int header = headers + (i * size);
            (uint kind, ulong offset, ulong address, ulong length) =
                (Word(header), Long(header + 8), Long(header + 16), Long(header + 32));
            if (kind == LoadSegment)
            {
                _segments.Add((address, offset, length));
            }
            else if (kind == DynamicSegment)
            {
                for (ulong at = offset; at < offset + length; at += 16)
                {
                    tags[Long(checked((int)at))] = Long(checked((int)at + 8));
                }
            }
        }
    }

    private void ReadVersions(int record, int count)
    {
        for (int i = 0; i < count; i++)
        {
            int own = record + checked((int)Word(record + 8));
            for (int left = Short(record + 2); left > 0; left--)
            {
                uint name = Word(own + 8);
                _versions[Text(name)] = new NeededVersion(own, Short(own + 6), name);
                own += checked((int)Word(own + 12));
            }

            record += checked((int)Word(record + 12));
        }
    }

    private int At(ulong address)
    {
        foreach ((ulong start, ulong offset, ulong size) in _segments)
        {
            if (address >= start && address - start < size)
            {
                return checked((int)(offset + address - start));
            }
        }

        throw new KeyNotFoundException();
    }

    private string Text(uint offset)
    {
        ReadOnlySpan<byte> rest = Bytes.AsSpan(_strings + checked((int)offset));
        return Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)0)]);
    }

    private ushort Short(int at) => BinaryPrimitives.ReadUInt16LittleEndian(Bytes.AsSpan(at));

    private uint Word(int at) => BinaryPrimitives.ReadUInt32LittleEndian(Bytes.AsSpan(at));

    private ulong Long(int at) => BinaryPrimitives.ReadUInt64LittleEndian(Bytes.AsSpan(at));
}

/// <summary>A version of another library's symbols that a file needs.</summary>
/// <param name="Record">Place of its record (<c>Elfxx_Vernaux</c>) in the file.</param>
/// <param name="Index">Its index, which symbols refer to.</param>
/// <param name="Name">Offset of its name in the string table.</param>
internal sealed record NeededVersion(int Record, ushort Index, uint Name);
