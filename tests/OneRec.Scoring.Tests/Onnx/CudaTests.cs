using Microsoft.ML.OnnxRuntime;
using OneRec.Core;
using OneRec.Scoring.Models;
using OneRec.Scoring.Onnx;
using OneRec.Scoring.Text;
using OneRec.Testing;
using OneRec.Testing.Onnx;

namespace OneRec.Scoring.Tests.Onnx;

public sealed class CudaTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    [Fact]
    public void Its_options_name_device_limit_and_strategy()
    {
        Assert.Equal(
            [("arena_extend_strategy", "kSameAsRequested"), ("device_id", "3"), ("gpu_mem_limit", "1073741824")],
            CudaProvider.Values(ExecutionDevice.Cuda(3, 1L << 30)).OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => (v.Key, v.Value)));
        Assert.DoesNotContain("gpu_mem_limit", CudaProvider.Values(ExecutionDevice.Cuda(0)).Keys);
        Assert.Equal(("cpu", "cuda:3"), ($"{ExecutionDevice.Cpu}", $"{ExecutionDevice.Cuda(3)}"));
    }

    [Theory]
    [InlineData("libcublasLt.so.13: cannot open shared object file: No such file or directory", "libcublasLt.so.13")]
    [InlineData("libcudnn.so.9: cannot open shared object file: No such file or directory", "libcudnn.so.9")]
    [InlineData("libonnxruntime_providers_cuda.so: not in the program's folder", "libonnxruntime_providers_cuda.so")]
    public void The_missing_library_is_named_in_one_line(string loader, string library) => Assert.Equal(
        $"embed.device=cuda: {library}, which ONNX Runtime's CUDA provider needs, was not found; install CUDA 13 and cuDNN 9 and "
        + "add their folders to LD_LIBRARY_PATH, or set embed.device=cpu",
        CudaProvider.MissingMessage(loader));

    [Fact]
    public void Without_cuda_a_model_on_it_is_refused()
    {
        ModelFolder model = ModelFolder.Open(new TinyEncoder().WriteTo(_scratch["m"]));
        Exception? thrown = Record.Exception(() => TextEncoder.Open(model, ExecutionDevice.Cuda(0)).Dispose());
        Skip.When(thrown is null && Desk.HasCuda, "this machine has CUDA: the refusal cannot be seen");
        OneRecException e = Assert.IsType<OneRecException>(thrown);
        Assert.Equal((ErrorKind.Engine, "embed.cuda"), (e.Kind, e.Code));
        Assert.DoesNotContain('\n', e.Message);
        Assert.Matches(
            OrtEnv.Instance().GetAvailableProviders().Contains(CudaProvider.Name)
                ? @"^embed\.device=cuda: lib\S+, which ONNX Runtime's CUDA provider needs, was not found; install CUDA 13 and cuDNN 9 and add their folders to LD_LIBRARY_PATH, or set embed\.device=cpu$"
                : @"^embed\.device=cuda: this build has ONNX Runtime without CUDA; build on linux-x64 without -p:OnnxRuntime=cpu, or set embed\.device=cpu$",
            e.Message);
    }

    [Fact]
    public void With_cuda_vectors_are_those_of_the_cpu_within_1e_4()
    {
        Skip.Unless(Desk.HasCuda, "no GPU: nvidia-smi lists none");
        ModelFolder model = ModelFolder.Open(Desk.ResNet18());
        using Scoring.Images.ImageEncoder cpu = Scoring.Images.ImageEncoder.Open(model);
        using Scoring.Images.ImageEncoder gpu = Scoring.Images.ImageEncoder.Open(model, ExecutionDevice.Cuda(0));
        TestContext.Current.TestOutputHelper!.WriteLine(gpu.Placement!);
        var draws = new SplitMix64(4);
        float[][] images = [.. Enumerable.Range(0, 20).Select(_ => Enumerable.Range(0, cpu.Floats).Select(_ => draws.NextBelow(200) - 100f).ToArray())];
        float[][] a = [.. images.Select(_ => new float[512])];
        float[][] b = [.. images.Select(_ => new float[512])];
        cpu.Encode(images, row => a[row]);
        long start = TimeProvider.System.GetTimestamp();
        gpu.Encode(images, row => b[row]);
        double seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        TestContext.Current.TestOutputHelper!.WriteLine($"{images.Length / seconds:N1} images/s");
        for (int i = 0; i < images.Length; i++)
        {
            double norm = Math.Sqrt(a[i].Sum(x => (double)x * x));
            Assert.All(a[i].Zip(b[i]), p => Assert.Equal(p.First / norm, p.Second / norm, 1e-4));
        }
    }

    public void Dispose() => _scratch.Dispose();
}
