using System.Security.Cryptography;
using System.Text;
using OneRec.Core;

namespace OneRec.Worker.Protocol;

/// <summary>
/// Spark's handshake on a loopback socket: the secret as text, answered with the text <c>ok</c>
/// (<c>SocketAuthHelper.scala</c>).
/// </summary>
public static class Secret
{
    private const string Ok = "ok";

    private const int LongestSecret = 1024;

    /// <summary>Sends the secret and waits for the answer.</summary>
    /// <exception cref="OneRecException">Engine error <c>worker.secret</c>: the secret was rejected.</exception>
    public static void Offer(string secret, WireReader from, WireWriter to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        to.WriteText(secret);
        to.Flush();
        if (from.ReadText() != Ok)
        {
            throw OneRecException.Engine("worker.secret", "Spark rejected the worker's secret");
        }
    }

    /// <summary>Checks the peer's secret, in constant time.</summary>
    /// <returns>False, without an answer to the peer, if the secret is wrong.</returns>
    public static bool Accept(string secret, WireReader from, WireWriter to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        byte[] offered = new byte[from.ReadCount("secret's length", LongestSecret)];
        from.BaseStream.ReadExactly(offered);
        if (!CryptographicOperations.FixedTimeEquals(offered, Encoding.UTF8.GetBytes(secret)))
        {
            return false;
        }

        to.WriteText(Ok);
        to.Flush();
        return true;
    }
}
