using Microsoft.ML.OnnxRuntime;
using OneRec.Core;
using OneRec.Scoring.Manifests;

namespace OneRec.Scoring.Onnx;

/// <summary>Runs one row on a device with profiling and checks in the profile that the arithmetic ran there.</summary>
internal static class WarmUp
{
    /// <summary>The number of nodes per provider.</summary>
    /// <param name="model">The model.</param>
    /// <param name="device">The device.</param>
    /// <param name="inputs">Values of the inputs for one row.</param>
    /// <exception cref="OneRecException">Engine error <c>embed.placement</c> or <c>embed.cuda</c>.</exception>
    public static string Placement(IModelFiles model, ExecutionDevice device, IReadOnlyCollection<OrtValue> inputs)
    {
        string folder = Directory.CreateTempSubdirectory("onerec-profile-").FullName;
        try
        {
            using SessionOptions options = OnnxSession.Options(model, device);
            options.EnableProfiling = true;
            options.ProfileOutputPathPrefix = Path.Combine(folder, "profile");
            string profile;
            using (InferenceSession session = OnnxSession.Create(model.OnnxPath, options))
            {
                OnnxSession.Run(session, model, inputs).Dispose();
                profile = session.EndProfiling();
            }

            using FileStream stream = File.OpenRead(profile);
            return NodePlacement.Read(stream).Require(model.OnnxPath, CudaProvider.Name);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
