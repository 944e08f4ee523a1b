using System.Threading.Channels;
using OneRec.Cli.Output;

namespace OneRec.Cli.Prompt;

/// <summary>The keyboard of the process's terminal.</summary>
/// <remarks>
/// A thread of its own reads each key when it is asked for, so that a signal can end the prompt while it waits: then the process ends
/// as ever, and .NET gives the terminal its echo back.
/// </remarks>
/// <param name="cancellation">Ends the wait for a key.</param>
internal sealed class ConsoleKeyboard(CancellationToken cancellation) : IKeyboard
{
    private const int UsualWidth = 80;

    // .NET gives empty keys without end once the terminal is gone.
    private const int MostEmptyKeys = 20;

    private readonly Channel<bool> _asked = Channel.CreateUnbounded<bool>();
    private readonly Channel<ConsoleKeyInfo?> _keys = Channel.CreateUnbounded<ConsoleKeyInfo?>();
    private Thread? _reader;

    /// <inheritdoc/>
    public int Width
    {
        get
        {
            try
            {
                return Console.WindowWidth is > 0 and var width ? width : UsualWidth;
            }
            catch (IOException)
            {
                return UsualWidth;
            }
        }
    }

    /// <inheritdoc/>
    public bool HasMore => Console.KeyAvailable;

    /// <inheritdoc/>
    public ConsoleKeyInfo? Read()
    {
        if (_reader is null)
        {
            _reader = new Thread(ReadKeys) { IsBackground = true, Name = "keyboard" };
            _reader.Start();
        }

        _asked.Writer.TryWrite(true);
        try
        {
            return _keys.Reader.ReadAsync(cancellation).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private void ReadKeys()
    {
        while (_asked.Reader.ReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult())
        {
            _keys.Writer.TryWrite(ReadKey());
        }
    }

    private static ConsoleKeyInfo? ReadKey()
    {
        try
        {
            Console.TreatControlCAsInput = true;
            for (int empty = 0; empty < MostEmptyKeys; empty++)
            {
                ConsoleKeyInfo key = Console.ReadKey(intercept: true);
                if (key.KeyChar != 0 || key.Key != default)
                {
                    // While a query runs, Ctrl-C is a signal.
                    Console.TreatControlCAsInput = false;
                    return key;
                }
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // The terminal is gone.
        }

        return null;
    }
}
