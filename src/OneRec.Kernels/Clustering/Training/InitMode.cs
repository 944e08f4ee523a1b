using System.Text.Json.Serialization;

namespace OneRec.Kernels.Clustering.Training;

/// <summary>Where a level's first centroids come from.</summary>
public enum InitMode
{
    /// <summary>Greedy k-means++ over the sample.</summary>
    [JsonStringEnumMemberName("kmeans++")]
    KMeansPlusPlus,

    /// <summary>The distinct vectors of lowest hash.</summary>
    [JsonStringEnumMemberName("random")]
    Random,
}
