using System.Net;
using System.Net.Sockets;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;

namespace OneRec.Worker.Tests.Spark;

/// <summary>The JVM's end of a worker's connection: greets, sends a task, and takes in its answer byte by byte.</summary>
public sealed class FakeExecutor : IDisposable
{
    private readonly Socket _socket;
    private readonly NetworkStream _stream;

    public FakeExecutor(int port)
        : this(Connect(port))
    {
    }

    public FakeExecutor(Socket socket)
    {
        _socket = socket;
        _socket.ReceiveTimeout = 30_000;
        _stream = new NetworkStream(_socket);
    }

    /// <summary>Takes the worker's id, offers a secret, and takes its answer.</summary>
    public (int Pid, string Answer) Greet(string secret)
    {
        int pid = ReadInt();
        SendText(secret);
        return (pid, ReadText());
    }

    public void SendText(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Send([(byte)(utf8.Length >> 24), (byte)(utf8.Length >> 16), (byte)(utf8.Length >> 8), (byte)utf8.Length, .. utf8]);
    }

    public void Send(ReadOnlySpan<byte> bytes) => _stream.Write(bytes);

    /// <summary>Sends rows as one struct column, then the end of the stream and int -4.</summary>
    public void SendRows(Schema columns, IEnumerable<RecordBatch> batches)
    {
        var type = new StructType(columns.FieldsList);
        var schema = new Schema([new Field("0", type, false)], null);
        using (var writer = new ArrowStreamWriter(_stream, schema, leaveOpen: true))
        {
            writer.WriteStart();
            foreach (RecordBatch batch in batches)
            {
                var record = new StructArray(type, batch.Length, batch.Arrays, ArrowBuffer.Empty, 0);
                writer.WriteRecordBatch(new RecordBatch(schema, [record], batch.Length));
            }

            writer.WriteEnd();
        }

        Send([0xFF, 0xFF, 0xFF, 0xFC]);
    }

    /// <summary>Takes in all that the worker says of a task, up to its last int or its failure.</summary>
    public TaskAnswer Answer()
    {
        var answer = new TaskAnswer();
        while (true)
        {
            switch (ReadInt())
            {
                case -6:
                    ReadBatches(answer);
                    break;
                case -3:
                    answer.Times = [ReadLong(), ReadLong(), ReadLong()];
                    answer.Spilled = [ReadLong(), ReadLong()];
                    break;
                case -2:
                    answer.Failure = ReadText();
                    return answer;
                case -1:
                    answer.Accumulators = ReadInt();
                    for (int u = 0; u < answer.Accumulators; u++)
                    {
                        byte[] update = new byte[ReadInt()];
                        _stream.ReadExactly(update);
                        answer.Updates.Add(update);
                    }

                    answer.LastInt = ReadInt();
                    return answer;
                case var other:
                    throw new InvalidDataException($"a JVM would not understand {other} here");
            }
        }
    }

    /// <summary>Whether the worker has closed its end, having nothing more to say.</summary>
    public bool IsAtEnd() => _stream.ReadByte() < 0;

    /// <summary>The next byte; -1 at the end.</summary>
    public int ReadByte() => _stream.ReadByte();

    /// <summary>Closes this end's output, as at the end of a task.</summary>
    public void CloseOutput() => _socket.Shutdown(SocketShutdown.Send);

    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }

    public int ReadInt()
    {
        byte[] bytes = new byte[4];
        _stream.ReadExactly(bytes);
        return (bytes[0] << 24) | (bytes[1] << 16) | (bytes[2] << 8) | bytes[3];
    }

    public string ReadText()
    {
        byte[] bytes = new byte[ReadInt()];
        _stream.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    private static Socket Connect(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPAddress.Loopback, port);
        return socket;
    }

    private long ReadLong() => ((long)ReadInt() << 32) | (uint)ReadInt();

    private void ReadBatches(TaskAnswer answer)
    {
        answer.HasStream = true;
        using var reader = new ArrowStreamReader(_stream, leaveOpen: true);
        while (reader.ReadNextRecordBatch() is { } packed)
        {
            var record = (StructArray)Assert.Single(packed.Arrays);
            var type = (StructType)record.Data.DataType;
            answer.Batches.Add(new RecordBatch(new Schema(type.Fields, null), record.Fields, packed.Length));
        }
    }
}
