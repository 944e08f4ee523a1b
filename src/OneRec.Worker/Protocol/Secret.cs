using System.Security.Cryptography;
using System.Text;
using OneRec.Core;

namespace OneRec.Worker.Protocol;

/// <summary>
/// Spark's handshake on a loopback socket: the secret as a text, answered by the text <c>ok</c>
/// (<c>SocketAuthHelper.scala</c>).
/// </summary>
public static class Secret
{
    private const string Ok = "ok";

    private const int LongestSecret = 1024;

    /// <summary>Asks to be let in.</summary>
    /// <exception cref="OneRecException">Engine error <c>worker.secret</c>: refused.</exception>
    public static void Offer(string secret, WireReader from, WireWriter to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        to.WriteText(secret);
        to.Flush();
        if (from.ReadText() != Ok)
        {
            throw OneRecException.Engine("worker.secret", "Spark did not accept the worker's secret");
        }
    }

    /// <summary>Lets in who knows the secret; the comparison takes the same time wherever they differ.</summary>
    /// <returns>False, and nothing is answered, where the secret is another.</returns>
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
