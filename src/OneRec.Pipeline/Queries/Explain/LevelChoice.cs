using OneRec.Kernels.Clustering;

namespace OneRec.Pipeline.Queries.Explain;

/// <summary>How an embedding got its code at one level, and the code that came second.</summary>
/// <param name="Level">The level, from 0.</param>
/// <param name="Code">The nearest code: that of step <c>assign</c> before any move for capacity.</param>
/// <param name="Distance">Squared Euclidean distance of the residual to its centroid.</param>
/// <param name="Second">The code that came second; null if the level has one code.</param>
internal sealed record LevelChoice(int Level, int Code, double Distance, SecondCode? Second)
{
    /// <summary>Walks down the levels, by the distance that defines the nearest centroid (<see cref="ExactDistance"/>).</summary>
    /// <param name="vector">[dims], the embedding.</param>
    /// <param name="levels">Centroids by level: [k, dims], row-major.</param>
    public static IReadOnlyList<LevelChoice> Walk(float[] vector, IReadOnlyList<float[]> levels)
    {
        int dims = vector.Length;
        float[] residual = [.. vector];
        var choices = new List<LevelChoice>();
        for (int level = 0; level < levels.Count; level++)
        {
            (int code, double distance, int second, double secondDistance) = NearestTwo(residual, levels[level]);
            SecondCode? other = null;
            if (second >= 0)
            {
                int[] would = [.. choices.Select(c => c.Code), second, .. Codes(After(residual, levels[level], second), levels, level + 1)];
                double apart = Math.Sqrt(ExactDistance.Of(levels[level].AsSpan(code * dims, dims), levels[level].AsSpan(second * dims, dims)));
                other = new SecondCode(second, secondDistance, secondDistance - distance, apart > 0 ? (secondDistance - distance) / (2 * apart) : 0, would);
            }

            choices.Add(new LevelChoice(level, code, distance, other));
            residual = After(residual, levels[level], code);
        }

        return choices;
    }

    private static List<int> Codes(float[] residual, IReadOnlyList<float[]> levels, int from)
    {
        var codes = new List<int>();
        for (int level = from; level < levels.Count; level++)
        {
            codes.Add(NearestTwo(residual, levels[level]).Code);
            residual = After(residual, levels[level], codes[^1]);
        }

        return codes;
    }

    private static float[] After(float[] residual, float[] centroids, int code)
    {
        float[] after = [.. residual];
        Residual.Subtract(after, centroids, [code], residual.Length);
        return after;
    }

    // Ties go to the lowest code.
    private static (int Code, double Distance, int Second, double SecondDistance) NearestTwo(float[] row, float[] centroids)
    {
        (int code, double distance, int second, double secondDistance) = (-1, double.PositiveInfinity, -1, double.PositiveInfinity);
        for (int k = 0; k < centroids.Length / row.Length; k++)
        {
            double found = ExactDistance.Of(row, centroids.AsSpan(k * row.Length, row.Length));
            if (found < distance)
            {
                (second, secondDistance) = (code, distance);
                (code, distance) = (k, found);
            }
            else if (found < secondDistance)
            {
                (second, secondDistance) = (k, found);
            }
        }

        return (code, distance, second, secondDistance);
    }
}

/// <summary>The second-best code of a level.</summary>
/// <param name="Code">The code.</param>
/// <param name="Distance">Squared Euclidean distance of the residual to its centroid.</param>
/// <param name="Margin">That distance minus the best one; 0 for a tie.</param>
/// <param name="Move">
/// Euclidean distance of the residual to the plane midway between both centroids: how far the embedding would have to move, straight
/// towards the second centroid, before that one is nearer; 0 where the centroids are equal.
/// </param>
/// <param name="Would">The ID that it would have: the codes before, this code, then the nearest codes of what it leaves.</param>
internal sealed record SecondCode(int Code, double Distance, double Margin, double Move, IReadOnlyList<int> Would);
