namespace OneRec.Worker.Sockets;

/// <summary>The connection to Spark ended: the task was cancelled or its executor died. Never a kernel's own failure.</summary>
/// <remarks>No <see cref="IOException"/>: a kernel that handles its own I/O errors must not take this for one.</remarks>
public sealed class PeerGoneException(string message, Exception? inner = null) : Exception(message, inner);
