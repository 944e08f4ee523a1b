using System.IO.Compression;
using System.Text;
using OneRec.Core;

namespace OneRec.Inputs.Csv;

/// <summary>The characters of a CSV file, plain or gzip, with what was read since a mark, so that a reader can go back.</summary>
/// <remarks>Bytes that are no UTF-8 come as U+FFFF, which is no character and so never in a text.</remarks>
internal sealed class CsvText : IDisposable
{
    /// <summary>What stands for bytes that are no UTF-8.</summary>
    public const char NoCharacter = '\uFFFF';

    private readonly string _file;
    private readonly StreamReader _reader;
    private readonly char[] _block = new char[1 << 15];
    private readonly StringBuilder _since = new();
    private string _again = "";
    private int _againAt;
    private int _at;
    private int _end;
    private bool _first = true;

    /// <summary>Opens a file.</summary>
    /// <exception cref="OneRecException">It cannot be read (exit 3).</exception>
    public CsvText(string file)
    {
        _file = file;
        _reader = new StreamReader(
            Open(file),
            Encoding.GetEncoding("utf-8", EncoderFallback.ExceptionFallback, new DecoderReplacementFallback(NoCharacter.ToString())),
            detectEncodingFromByteOrderMarks: false);
    }

    /// <summary>Characters since the mark.</summary>
    public int Length => _since.Length;

    /// <summary>A file's bytes as they are meant: unpacked where it is named <c>.gz</c>.</summary>
    /// <exception cref="OneRecException">It cannot be opened (exit 3).</exception>
    public static Stream Open(string file)
    {
        try
        {
            Stream bytes = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 17);
            return IsPacked(file) ? new GZipStream(bytes, CompressionMode.Decompress) : bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OneRecException.Input("input.unreadable", $"{file} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Whether a file's name says that it is gzip.</summary>
    public static bool IsPacked(string file) => file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    /// <summary>The error about a gzip file that is cut off or damaged.</summary>
    public static OneRecException Damaged(string file, Exception? inner) => OneRecException.Input(
        "input.gzip", $"{file} is no whole gzip file: it is cut off or damaged; copy or write it again", inner);

    /// <summary>The next character, -1 at the end; it counts as read.</summary>
    public int Read()
    {
        int next = Peek();
        if (next < 0)
        {
            return -1;
        }

        if (_againAt < _again.Length)
        {
            _againAt++;
        }
        else
        {
            _at++;
        }

        _since.Append((char)next);
        return next;
    }

    /// <summary>The next character, -1 at the end.</summary>
    public int Peek()
    {
        if (_againAt < _again.Length)
        {
            return _again[_againAt];
        }

        return _at < _end || Fill() ? _block[_at] : -1;
    }

    /// <summary>Sets the mark here.</summary>
    public void Mark() => _since.Clear();

    /// <summary>Goes back to the end of the first line since the mark, or on to it.</summary>
    /// <returns>That line, without its break.</returns>
    public string BackToLine()
    {
        while (!Has('\n') && Read() >= 0)
        {
        }

        string since = _since.ToString();
        int line = since.IndexOf('\n', StringComparison.Ordinal);
        if (line >= 0)
        {
            _again = since[(line + 1)..] + _again[_againAt..];
            _againAt = 0;
            since = since[..line];
        }

        Mark();
        return since.TrimEnd('\r');
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    private bool Has(char c)
    {
        foreach (ReadOnlyMemory<char> chunk in _since.GetChunks())
        {
            if (chunk.Span.Contains(c))
            {
                return true;
            }
        }

        return false;
    }

    private bool Fill()
    {
        try
        {
            _end = _reader.Read(_block, 0, _block.Length);
            _at = 0;
            if (_first && _end > 0)
            {
                // A byte order mark is no part of the text.
                _at = _block[0] == '\uFEFF' ? 1 : 0;
                _first = false;
                return _at < _end || Fill();
            }

            return _end > 0;
        }
        catch (InvalidDataException e)
        {
            throw Damaged(_file, e);
        }
        catch (IOException e)
        {
            throw OneRecException.Input("input.unreadable", $"{_file} cannot be read: {e.Message}", e);
        }
    }
}
