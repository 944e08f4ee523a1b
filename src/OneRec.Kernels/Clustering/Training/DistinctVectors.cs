using System.Runtime.InteropServices;

namespace OneRec.Kernels.Clustering.Training;

/// <summary>Distinct vectors in the order first seen. Vectors are equal if their numbers are: -0 equals 0.</summary>
/// <param name="dims">Dimensions of a vector.</param>
public sealed class DistinctVectors(int dims)
{
    private readonly List<float> _values = [];
    private readonly Dictionary<ulong, List<int>> _byHash = [];

    /// <summary>Number of vectors.</summary>
    public int Count => _values.Count / dims;

    /// <summary>[Count, dims] row-major.</summary>
    public ReadOnlySpan<float> Values => CollectionsMarshal.AsSpan(_values);

    /// <summary>Adds a vector unless an equal one is present.</summary>
    /// <returns>False if an equal vector is present.</returns>
    public bool Add(ReadOnlySpan<float> vector)
    {
        ulong hash = Hash(vector);
        ref List<int>? places = ref CollectionsMarshal.GetValueRefOrAddDefault(_byHash, hash, out _);
        if (AnyIs(places, vector))
        {
            return false;
        }

        (places ??= []).Add(Count);
        _values.AddRange(vector);
        return true;
    }

    /// <summary>Whether an equal vector is present.</summary>
    public bool Contains(ReadOnlySpan<float> vector) =>
        _byHash.TryGetValue(Hash(vector), out List<int>? places) && AnyIs(places, vector);

    private bool AnyIs(List<int>? places, ReadOnlySpan<float> vector)
    {
        foreach (int place in places ?? [])
        {
            if (Same(Values.Slice(place * dims, dims), vector))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Same(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        for (int t = 0; t < a.Length; t++)
        {
            if (a[t] != b[t])
            {
                return false;
            }
        }

        return true;
    }

    // FNV-1a over 32-bit words. It only finds candidates, so its quality affects speed but not results.
    private static ulong Hash(ReadOnlySpan<float> vector)
    {
        ulong hash = 14695981039346656037;
        foreach (float value in vector)
        {
            // Adding 0 turns -0 into 0.
            hash = (hash ^ BitConverter.SingleToUInt32Bits(value + 0f)) * 1099511628211;
        }

        return hash ^ (hash >> 32);
    }
}
