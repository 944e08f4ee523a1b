namespace OneRec.Kernels.Remote;

/// <summary>
/// A side input in one stream with a task's rows, in front of them: it is shuffled as they are, and no driver and no task
/// needs hold the whole of it.
/// </summary>
/// <remarks>
/// The stream has the columns of both, those of the side input under <see cref="Column"/>, and <see cref="Marker"/>. Where
/// a row is of one of them the columns of the other are null.
/// </remarks>
/// <param name="Name">The side input's name.</param>
public sealed record BesideRows(string Name)
{
    /// <summary>What the names of the side input's columns begin with.</summary>
    public string Prefix => Name + ":";

    /// <summary>The column that tells rows apart: INT, <see cref="OfSide"/> or <see cref="OfRows"/>, ascending.</summary>
    public string Marker => Prefix;

    /// <summary>A row of the side input.</summary>
    public static int OfSide => 0;

    /// <summary>A row of the kernel's input.</summary>
    public static int OfRows => 1;

    /// <summary>The name in the stream of a column of the side input.</summary>
    public string Column(string name) => Prefix + name;
}
