using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OneRec.Engine.Spark.Jvm;

namespace OneRec.Pipeline.Tests.Engines.Spark.Jvm;

/// <summary>The JVM's end of Py4J: takes commands line by line, and answers what the test says.</summary>
public sealed class FakeGateway : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, string?> _answer;
    private readonly ConcurrentQueue<string> _commands = new();
    private int _connections;

    /// <param name="answer">The answer's line to a command (its lines joined by a space); null to hang up.</param>
    public FakeGateway(Func<string, string?> answer)
    {
        _answer = answer;
        _listener.Start();
        _ = Task.Run(AcceptAsync);
    }

    public const string Secret = "gateway secret";

    public GatewayAddress Address => new(((IPEndPoint)_listener.LocalEndpoint).Port, Secret);

    /// <summary>All commands so far but the greetings, their lines joined by a space.</summary>
    public IReadOnlyList<string> Commands => [.. _commands];

    public int Connections => _connections;

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            TcpClient client;
            try
            {
                client = await _listener.AcceptTcpClientAsync();
            }
            catch (SocketException)
            {
                return;
            }

            Interlocked.Increment(ref _connections);
            _ = Task.Run(() => ServeAsync(client));
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            using var reader = new StreamReader(client.GetStream(), new UTF8Encoding(false));
            using var writer = new StreamWriter(client.GetStream(), new UTF8Encoding(false)) { NewLine = "\n", AutoFlush = true };
            bool isKnown = await reader.ReadLineAsync() == "A" && await reader.ReadLineAsync() == Secret;
            await writer.WriteLineAsync(isKnown ? "!yv" : "!xsno");
            List<string> lines = [];
            while (isKnown && await reader.ReadLineAsync() is { } line)
            {
                lines.Add(line);
                if (line != "e")
                {
                    continue;
                }

                string command = string.Join(' ', lines);
                lines.Clear();
                _commands.Enqueue(command);
                if (_answer(command) is not { } answer)
                {
                    return;
                }

                await writer.WriteLineAsync(answer);
            }
        }
    }
}
